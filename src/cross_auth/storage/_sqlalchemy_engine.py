"""What an engine must be to hold sessions, how one is made from a URL, and what a fork does to it."""

import os
from math import ceil
from typing import Any
from weakref import WeakSet

from sqlalchemy import URL, Engine, Pool, create_engine, make_url
from sqlalchemy.exc import ArgumentError

from cross_auth.storage._sqlalchemy_table import DIALECTS

_DRIVERS = {"postgresql": "psycopg", "mysql": "pymysql", "mariadb": "pymysql", "sqlite": "pysqlite"}


def check(engine: object) -> None:
    """Raise ``TypeError`` for anything but a sync engine, ``ValueError`` for a database that cannot hold sessions."""
    if not isinstance(engine, Engine):
        raise TypeError(f"SQLAlchemyStorage needs an Engine of SQLAlchemy, not {type(engine).__name__}")
    if engine.dialect.is_async:
        raise TypeError(f"SQLAlchemyStorage needs an engine with a sync driver, not {engine.dialect.driver}")
    if engine.dialect.name not in DIALECTS:
        raise ValueError(f"SQLAlchemyStorage knows {', '.join(DIALECTS)}, not {engine.dialect.name}")
    if engine.dialect.name == "sqlite" and _is_in_memory(engine.url):
        raise ValueError("SQLAlchemyStorage needs a database in a file; for sessions in memory use MemoryStorage")
    _everywhere.add(engine)


def _is_in_memory(url: URL) -> bool:
    return not url.database or ":memory:" in url.database or url.query.get("mode") == "memory"


def make(url: str, timeout: float, max_connections: int) -> Engine:
    """Return an engine whose every wait has an end.

    Raises ``ValueError`` for a URL that is none, or of a driver whose time-outs are not known here.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        parsed = None
    if parsed is None:
        raise ValueError("url should be mysql://user:password@host:port/name, with a password percent-encoded")
    backend, _, driver = parsed.drivername.partition("+")
    if (driver or _DRIVERS.get(backend)) != _DRIVERS.get(backend, ""):
        known = ", ".join(f"{backend}+{driver}" for backend, driver in _DRIVERS.items())
        raise ValueError(f"url should be of one of {known}, not {parsed.drivername}")
    driver = _DRIVERS[backend]
    seconds = max(2, ceil(timeout))
    waits: dict[str, dict[str, Any]] = {
        "psycopg": {"connect_timeout": seconds, "target_session_attrs": "read-write"},
        "pymysql": {"connect_timeout": seconds, "read_timeout": timeout, "write_timeout": timeout},
        "pysqlite": {"timeout": timeout},
    }
    return create_engine(
        parsed.set(drivername=f"{backend}+{driver}"),
        connect_args={name: value for name, value in waits[driver].items() if name not in parsed.query},
        isolation_level="AUTOCOMMIT",
        skip_autocommit_rollback=True,
        hide_parameters=True,
        pool_size=max_connections,
        max_overflow=0,
        pool_timeout=timeout,
    )


_everywhere: WeakSet[Engine] = WeakSet()
_of_the_parent: list[Pool] = []


def _after_fork_in_child() -> None:
    """Leave the connections to the parent, which shares their sockets: each engine starts with none."""
    for engine in list(_everywhere):
        _of_the_parent.append(engine.pool)  # kept, so that nothing of it is closed from here
        engine.dispose(close=False)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
