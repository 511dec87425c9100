"""What both forms of a PostgreSQL storage share."""

from math import ceil
from typing import Annotated, Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from pydantic import Field

_LONGEST_TABLE = 63 - len("_members_expires_at")  # bytes that PostgreSQL keeps of a name

WANTED: dict[str, Any] = {
    "url": str,
    "table": Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=_LONGEST_TABLE)],
    "schema": Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=48)] | None,
    "timeout": Annotated[float, Field(gt=0, le=86400)],
    "prepare_threshold": Annotated[int, Field(ge=0)] | None,
    "max_connections": Annotated[int, Field(ge=1)],
    "limit": Annotated[int, Field(ge=1, le=100_000)],
}

WRITES_BETWEEN_EXPIRIES = 64
PURGED_A_TIME = 1000  # a few milliseconds


def pool_options(url: str, timeout: float, prepare_threshold: int | None, max_connections: int) -> dict[str, Any]:
    """Return what a pool of our own is made with; the URL may say otherwise of how it connects.

    Raises ``ValueError`` for a URL that is none; the message does not hold it.
    """
    try:
        said = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        said = None
    if said is None or "@" in str(said.get("host", "")):  # of a password that was not encoded
        raise ValueError("url should be postgresql://user:password@host:port/name, with a password percent-encoded")
    defaults = {"connect_timeout": max(2, ceil(timeout)), "target_session_attrs": "read-write"}
    settings: dict[str, Any] = {name: value for name, value in defaults.items() if name not in said}
    return {
        "conninfo": url,
        "kwargs": settings | {"autocommit": True, "prepare_threshold": prepare_threshold},
        "min_size": 1,
        "max_size": max_connections,
        "reconnect_timeout": timeout,
        "open": False,
    }


def text_of(row: tuple[Any, ...] | None) -> str | None:
    value: str | bytes | None = row[0] if row else None
    return value.decode() if isinstance(value, bytes) else value  # bytes: from a database without an encoding


def texts_of(row: tuple[Any, ...] | None) -> list[str]:
    values: list[str | bytes] = (row and row[0]) or []
    return [value.decode() if isinstance(value, bytes) else value for value in values]
