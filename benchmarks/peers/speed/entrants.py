"""Who is measured, and what each does in the time that it takes."""

import sys
from dataclasses import dataclass, replace

from benchmarks.peers.columns import PEERS

WORKERS = "benchmarks.peers.speed.workers"
NO = "no"


@dataclass(frozen=True)
class Does:
    """What the code of a side says of it; the word is "no" where it does not."""

    hashes: str  # the id, before it is written
    validates: str  # what it loads
    reading: str  # what a request that only reads writes
    format: str


@dataclass(frozen=True)
class Entrant:
    """One side on one store: how a table calls it, and what runs it."""

    name: str
    module: str
    does: Does
    arguments: tuple[str, ...] = ()
    awaited: bool = False
    here: bool = False  # in the environment of this library
    store: str = ""  # where it is not that of its table

    @property
    def command(self) -> tuple[str, ...]:
        return sys.executable if self.here else str(PEERS), "-m", f"{WORKERS}.{self.module}"


AT_THE_END = "the session, at its end"
_ours = Does("SHA-256", "Pydantic", NO, "JSON")
_django = Does(NO, NO, NO, "pickle")
_signed = Does(NO, "signature", NO, "signed JSON")
_kept_nowhere = Does("nothing is kept", "signature", NO, "signed JSON")
_flask = Does(NO, NO, AT_THE_END, "MessagePack")
_pickled = Does(NO, NO, AT_THE_END, "pickle")
_pickled_file = Does("SHA-256, a file's name", NO, AT_THE_END, "pickle")
_bag_file = Does("BLAKE2s, a file's name", NO, AT_THE_END, "JSON")
_bag = Does(NO, NO, AT_THE_END, "JSON")
_crudauth = Does("HMAC-SHA-256", "Pydantic", "no, as told to", "JSON")
_noting = Does("HMAC-SHA-256", "Pydantic", "the session, at its start", "JSON")
_rows = Does("SHA-256", NO, NO, "columns")

FLOOR = Entrant("by hand", "by_hand", Does("SHA-256", "Pydantic", NO, "JSON"), here=True)
OURS = Entrant("this library", "ours", _ours, ("sync",), here=True)
AWAITED = Entrant("this library, awaited", "ours", _ours, ("async",), awaited=True, here=True)
OURS_IN_MEMORY = replace(OURS, store="memory")
IN_THREAD = Entrant("this library, `in_thread`", "ours", _ours, ("async",), awaited=True, here=True)
_STARSESSIONS = Entrant("starsessions", "with_starsessions", _bag, awaited=True)
_LITESTAR = Entrant("Litestar", "with_litestar", _bag, awaited=True)
_CRUDAUTH = Entrant("crudauth", "with_crudauth", _crudauth, ("quiet",), awaited=True)
_NOTING = Entrant("crudauth, noting activity", "with_crudauth", _noting, ("activity",), awaited=True)

STORES: dict[str, tuple[Entrant, ...]] = {
    "memory": (
        FLOOR,
        OURS,
        AWAITED,
        Entrant("Django, `cache` on `locmem`", "with_django", _django),
        Entrant("Flask-Session, cachelib", "with_flask_session", _pickled),
        _STARSESSIONS,
        _LITESTAR,
        _CRUDAUTH,
        _NOTING,
    ),
    "SQLite": (
        FLOOR,
        OURS,
        IN_THREAD,
        Entrant("Django, `db`", "with_django", _signed),
        Entrant("Flask-Session, SQLAlchemy", "with_flask_session", _flask),
        Entrant("cross-auth, SQLModel", "with_cross_auth", _rows),
        Entrant("Flask-Session, files", "with_flask_session", _pickled_file, store="files"),
        Entrant("Litestar, files", "with_litestar", _bag_file, awaited=True, store="files"),
    ),
    "Redis": (
        FLOOR,
        OURS,
        AWAITED,
        Entrant("Django, `cache`", "with_django", _django),
        Entrant("Flask-Session", "with_flask_session", _flask),
        _STARSESSIONS,
        _LITESTAR,
        Entrant("Litestar, valkey-py", "with_litestar", _bag, awaited=True, store="Redis by valkey"),
        _CRUDAUTH,
        _NOTING,
    ),
    "PostgreSQL": (
        FLOOR,
        OURS,
        AWAITED,
        Entrant("Django, `db`", "with_django", _signed),
        Entrant("Flask-Session, SQLAlchemy", "with_flask_session", _flask),
        Entrant("cross-auth, SQLModel", "with_cross_auth", _rows),
    ),
    "no store": (
        OURS_IN_MEMORY,
        Entrant("Starlette, signed cookie", "with_starlette", _kept_nowhere),
        Entrant("PyJWT, HS256", "with_pyjwt", _kept_nowhere, ("HS256",)),
        Entrant("PyJWT, ES256", "with_pyjwt", _kept_nowhere, ("ES256",)),
    ),
}
