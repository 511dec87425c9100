"""The work of each operation and nothing more: unchecked, and with one raw call of the client.

Each function is whole, because a call of a shared part would raise the floor.
"""

import sqlite3
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from time import time_ns

import redis

from cross_auth import SessionData

Entries = dict[str, tuple[str, datetime]]

SQLITE_SET = "INSERT OR REPLACE INTO cross_auth_storage (key, value, expires_at) VALUES (?, ?, ?)"
_GET = "SELECT value FROM cross_auth_storage WHERE key = ?"
_DELETE = "DELETE FROM cross_auth_storage WHERE key = ?"


def create_in_memory(user_id: str, entries: Entries, max_age: int = 86400) -> tuple[str, SessionData]:
    session_id = token_urlsafe(32)
    handle = sha256(session_id.encode()).hexdigest()
    now = datetime.now(UTC)
    expires_at = now + timedelta(seconds=max_age)
    session = SessionData(user_id=user_id, created_at=now, expires_at=expires_at, handle=handle)
    entries[f"session:{handle}"] = session.model_dump_json(), expires_at
    return session_id, session


def get_from_memory(session_id: str, entries: Entries) -> SessionData | None:
    entry = entries.get(f"session:{sha256(session_id.encode()).hexdigest()}")
    now = datetime.now(UTC)
    if entry is None or now >= entry[1]:
        return None
    session = SessionData.model_validate_json(entry[0])
    return session if now < session.expires_at else None


def delete_from_memory(session_id: str, entries: Entries) -> None:
    entries.pop(f"session:{sha256(session_id.encode()).hexdigest()}", None)


def create_in_sqlite(user_id: str, connection: sqlite3.Connection, max_age: int = 86400) -> tuple[str, SessionData]:
    session_id = token_urlsafe(32)
    handle = sha256(session_id.encode()).hexdigest()
    now = datetime.now(UTC)
    expires_at = now + timedelta(seconds=max_age)
    session = SessionData(user_id=user_id, created_at=now, expires_at=expires_at, handle=handle)
    row = (f"session:{handle}", session.model_dump_json(), time_ns() // 1000 + max_age * 1_000_000)
    connection.execute(SQLITE_SET, row)
    return session_id, session


def get_from_sqlite(session_id: str, connection: sqlite3.Connection) -> SessionData | None:
    row = connection.execute(_GET, (f"session:{sha256(session_id.encode()).hexdigest()}",)).fetchone()
    if row is None:
        return None
    session = SessionData.model_validate_json(row[0])
    return session if datetime.now(UTC) < session.expires_at else None


def delete_from_sqlite(session_id: str, connection: sqlite3.Connection) -> None:
    connection.execute(_DELETE, (f"session:{sha256(session_id.encode()).hexdigest()}",))


def create_in_redis(user_id: str, client: redis.Redis, max_age: int = 86400) -> tuple[str, SessionData]:
    session_id = token_urlsafe(32)
    handle = sha256(session_id.encode()).hexdigest()
    now = datetime.now(UTC)
    expires_at = now + timedelta(seconds=max_age)
    session = SessionData(user_id=user_id, created_at=now, expires_at=expires_at, handle=handle)
    client.set(f"session:{handle}", session.model_dump_json(), ex=max_age)
    return session_id, session


def get_from_redis(session_id: str, client: redis.Redis) -> SessionData | None:
    value = client.get(f"session:{sha256(session_id.encode()).hexdigest()}")
    if value is None:
        return None
    session = SessionData.model_validate_json(value)
    return session if datetime.now(UTC) < session.expires_at else None


def delete_from_redis(session_id: str, client: redis.Redis) -> None:
    client.delete(f"session:{sha256(session_id.encode()).hexdigest()}")
