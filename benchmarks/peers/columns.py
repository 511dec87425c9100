"""Who is asked: a site each, and where it keeps its sessions."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Another environment shows what other releases do.
PEERS = Path(os.environ.get("PEERS_PYTHON", ROOT / ".venv-peers/bin/python"))


@dataclass(frozen=True)
class Column:
    """One column of the table: how it is called there, what runs it, and its store."""

    name: str
    module: str
    store: str  # "Redis", "SQLite", both, or "" for none
    arguments: tuple[str, ...] = ()
    cache: bool = False  # what is in Redis may go at any time, and does
    ours: bool = False

    @property
    def command(self) -> list[str]:
        python = sys.executable if self.ours else str(PEERS)
        return [python, "-m", self.module]


SITES = "benchmarks.peers.sites"
COLUMNS = (
    Column("Django, `db`", f"{SITES}.with_django", "SQLite", ("db",)),
    Column("Django, `cache`", f"{SITES}.with_django", "Redis", ("cache",)),
    Column("Django, `cached_db`", f"{SITES}.with_django", "SQLite and Redis", ("cached_db",), cache=True),
    Column("Starlette", f"{SITES}.with_starlette", ""),
    Column("Flask-Session", f"{SITES}.with_flask_session", "Redis"),
    Column("starsessions", f"{SITES}.with_starsessions", "Redis"),
    Column("Litestar", f"{SITES}.with_litestar", "Redis"),
    Column("crudauth", f"{SITES}.with_crudauth", "Redis"),
    Column("cross-auth", f"{SITES}.with_cross_auth", "SQLite"),
    Column("PyJWT", f"{SITES}.with_pyjwt", ""),
    Column("ours", f"{SITES}.ours", "Redis", ours=True),
)
