"""What both forms of a PostgreSQL storage share."""

from math import ceil
from typing import Annotated, Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from pydantic import Field

WANTED: dict[str, Any] = {
    "url": str,
    "table": Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=48)],
    "schema": Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=48)] | None,
    "timeout": Annotated[float, Field(gt=0, le=86400)],
    "prepare_threshold": Annotated[int, Field(ge=0)] | None,
    "max_connections": Annotated[int, Field(ge=1)],
}


WRITES_BETWEEN_EXPIRIES = 64
TRIES = 8


def settings_of(url: str, timeout: float) -> dict[str, Any]:
    """Return what a connection is made with where the URL does not say otherwise."""
    try:
        said = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        said = None
    if said is None or "@" in str(said.get("host", "")):  # of a password that was not encoded
        raise ValueError("url should be postgresql://user:password@host:port/name, with a password percent-encoded")
    defaults = {"connect_timeout": max(2, ceil(timeout)), "target_session_attrs": "read-write"}
    return {name: value for name, value in defaults.items() if name not in said}


def is_undone(failure: Exception) -> bool:
    """Tell whether another writer came first and nothing was done, so that it may be asked again."""
    return isinstance(failure, psycopg.errors.SerializationFailure)


def text_of(row: tuple[Any, ...] | None) -> str | None:
    value: str | bytes | None = row[0] if row else None
    return value.decode() if isinstance(value, bytes) else value  # bytes: from a database without an encoding
