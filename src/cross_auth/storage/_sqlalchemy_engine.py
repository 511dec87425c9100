"""What an engine must be to hold sessions, how one is made from a URL, and what a fork does to it."""

import os
from collections.abc import Callable, Mapping
from math import ceil
from typing import Annotated, Any, TypeVar
from weakref import WeakSet

from pydantic import Field
from sqlalchemy import URL, Engine, Pool, make_url
from sqlalchemy.exc import ArgumentError

from cross_auth.storage._sqlalchemy_statements import DIALECTS

_E = TypeVar("_E")

DRIVERS = {"postgresql": "psycopg", "mysql": "pymysql", "mariadb": "pymysql", "sqlite": "pysqlite"}
ASYNC_DRIVERS = {"postgresql": "psycopg_async"}


def check_database(engine: Engine) -> None:
    """Raise ``ValueError`` for a database that cannot hold sessions."""
    if engine.dialect.name not in DIALECTS:
        raise ValueError(f"SQLAlchemyStorage knows {', '.join(DIALECTS)}, not {engine.dialect.name}")
    if engine.dialect.name == "sqlite" and _is_in_memory(engine.url):
        raise ValueError("SQLAlchemyStorage needs a database in a file; for sessions in memory use MemoryStorage")


def _is_in_memory(url: URL) -> bool:
    return not url.database or ":memory:" in url.database or url.query.get("mode") == "memory"


def make(create: Callable[..., _E], drivers: Mapping[str, str], url: str, timeout: float, max_connections: int) -> _E:
    """Return an engine whose every wait has an end.

    Raises ``ValueError`` for a URL that is none, or of a driver whose time-outs are not known here.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        parsed = None
    if parsed is None or "@" in (parsed.host or "") or not parsed.database:
        raise ValueError("url should be mysql://user:password@host:port/name, with a password percent-encoded")
    backend, _, driver = parsed.drivername.partition("+")
    if driver not in ("", drivers.get(backend)) or backend not in drivers:
        known = ", ".join(f"{backend}+{driver}" for backend, driver in drivers.items())
        raise ValueError(f"url should be of one of {known}, not {parsed.drivername}")
    driver = drivers[backend]
    seconds = max(2, ceil(timeout))
    libpq = {"connect_timeout": seconds, "target_session_attrs": "read-write"}
    waits: dict[str, dict[str, Any]] = {
        "psycopg": libpq,
        "psycopg_async": libpq,
        "pymysql": {
            "connect_timeout": seconds,
            "read_timeout": timeout,
            "write_timeout": timeout,
            # Else the server waits for a lock when nobody waits for it any more.
            "init_command": f"SET SESSION innodb_lock_wait_timeout = {seconds}, lock_wait_timeout = {seconds}",
        },
        "pysqlite": {"timeout": timeout},
    }
    return create(
        parsed.set(drivername=f"{backend}+{driver}"),
        connect_args={name: value for name, value in waits[driver].items() if name not in parsed.query},
        isolation_level="AUTOCOMMIT",
        skip_autocommit_rollback=True,
        hide_parameters=True,
        pool_size=max_connections,
        max_overflow=0,
        pool_timeout=timeout,
    )


_LONGEST_TABLE = 63 - len("_members_expires_at")  # bytes that PostgreSQL keeps of a name

WANTED: dict[str, Any] = {
    "url": str,
    "table": Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=_LONGEST_TABLE)],
    "schema": Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=48)] | None,
    "timeout": Annotated[float, Field(gt=0, le=86400)],
    "max_connections": Annotated[int, Field(ge=1)],
    "limit": Annotated[int, Field(ge=1, le=100_000)],
}

_everywhere: WeakSet[Engine] = WeakSet()
_of_the_parent: list[Pool] = []


def at_fork(engine: Engine) -> None:
    """Let each child process start with no connection of an engine."""
    _everywhere.add(engine)


def _after_fork_in_child() -> None:
    """Leave the connections to the parent, which shares their sockets: each engine starts with none."""
    for engine in list(_everywhere):
        _of_the_parent.append(engine.pool)  # kept, so that nothing of it is closed from here
        engine.dispose(close=False)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
