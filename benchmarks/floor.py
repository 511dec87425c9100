"""The work of each operation and nothing more: unchecked, and with one raw call of the client for each storage call.

Each function is whole, because a call of a shared part would raise the floor.
"""

import sqlite3
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from time import time_ns
from typing import NamedTuple

import redis

from cross_auth import SessionData
from cross_auth._records import SKEW
from cross_auth.storage._redis_sets import ADD as REDIS_ADD


class Memory(NamedTuple):
    """Hold records by their keys, and handles by the keys of their users, each with its end."""

    entries: dict[str, tuple[str, datetime]]
    users: dict[str, dict[str, datetime]]


SQLITE_SET = "INSERT OR REPLACE INTO cross_auth_storage (key, value, expires_at) VALUES (?, ?, ?)"
_GET = "SELECT value FROM cross_auth_storage WHERE key = ?"
SQLITE_POP = "DELETE FROM cross_auth_storage WHERE key = ? RETURNING value"
SQLITE_ADD = """
INSERT INTO cross_auth_storage_members (key, member, expires_at) VALUES (?, ?, ?)
ON CONFLICT (key, member) DO UPDATE SET expires_at = max(expires_at, excluded.expires_at)
"""
_DISCARD = "DELETE FROM cross_auth_storage_members WHERE key = ? AND member = ?"


def create_in_memory(user_id: str, memory: Memory, max_age: int = 86400) -> tuple[str, SessionData]:
    session_id = token_urlsafe(32)
    handle = sha256(session_id.encode()).hexdigest()
    now = datetime.now(UTC)
    expires_at = now + timedelta(seconds=max_age)
    session = SessionData(user_id=user_id, created_at=now, expires_at=expires_at, handle=handle)
    members = memory.users.setdefault(f"user:{sha256(user_id.encode()).hexdigest()}", {})
    members[handle] = now + timedelta(seconds=max_age + SKEW)
    memory.entries[f"session:{handle}"] = session.model_dump_json(exclude={"idle_timeout", "metadata"}), expires_at
    return session_id, session


def get_from_memory(session_id: str, memory: Memory) -> SessionData | None:
    entry = memory.entries.get(f"session:{sha256(session_id.encode()).hexdigest()}")
    now = datetime.now(UTC)
    if entry is None or now >= entry[1]:
        return None
    session = SessionData.model_validate_json(entry[0])
    return session if now < session.expires_at else None


def delete_from_memory(session_id: str, memory: Memory) -> None:
    handle = sha256(session_id.encode()).hexdigest()
    value, _ = memory.entries.pop(f"session:{handle}")
    user = f"user:{sha256(SessionData.model_validate_json(value).user_id.encode()).hexdigest()}"
    members = memory.users[user]
    del members[handle]
    if not members:
        del memory.users[user]


def create_in_sqlite(user_id: str, connection: sqlite3.Connection, max_age: int = 86400) -> tuple[str, SessionData]:
    session_id = token_urlsafe(32)
    handle = sha256(session_id.encode()).hexdigest()
    now = datetime.now(UTC)
    expires_at = now + timedelta(seconds=max_age)
    session = SessionData(user_id=user_id, created_at=now, expires_at=expires_at, handle=handle)
    user = f"user:{sha256(user_id.encode()).hexdigest()}"
    connection.execute(SQLITE_ADD, (user, handle, time_ns() // 1000 + (max_age + SKEW) * 1_000_000))
    row = (
        f"session:{handle}",
        session.model_dump_json(exclude={"idle_timeout", "metadata"}),
        time_ns() // 1000 + max_age * 1_000_000,
    )
    connection.execute(SQLITE_SET, row)
    return session_id, session


def get_from_sqlite(session_id: str, connection: sqlite3.Connection) -> SessionData | None:
    row = connection.execute(_GET, (f"session:{sha256(session_id.encode()).hexdigest()}",)).fetchone()
    if row is None:
        return None
    session = SessionData.model_validate_json(row[0])
    return session if datetime.now(UTC) < session.expires_at else None


def delete_from_sqlite(session_id: str, connection: sqlite3.Connection) -> None:
    handle = sha256(session_id.encode()).hexdigest()
    ((value,),) = connection.execute(SQLITE_POP, (f"session:{handle}",)).fetchall()  # all, which is what commits
    user = f"user:{sha256(SessionData.model_validate_json(value).user_id.encode()).hexdigest()}"
    connection.execute(_DISCARD, (user, handle))


def create_in_redis(user_id: str, client: redis.Redis, max_age: int = 86400) -> tuple[str, SessionData]:
    session_id = token_urlsafe(32)
    handle = sha256(session_id.encode()).hexdigest()
    now = datetime.now(UTC)
    expires_at = now + timedelta(seconds=max_age)
    session = SessionData(user_id=user_id, created_at=now, expires_at=expires_at, handle=handle)
    client.eval(REDIS_ADD, 1, f"user:{sha256(user_id.encode()).hexdigest()}", handle, max_age + SKEW)
    client.set(f"session:{handle}", session.model_dump_json(exclude={"idle_timeout", "metadata"}), ex=max_age)
    return session_id, session


def get_from_redis(session_id: str, client: redis.Redis) -> SessionData | None:
    value = client.get(f"session:{sha256(session_id.encode()).hexdigest()}")
    if value is None:
        return None
    session = SessionData.model_validate_json(value)
    return session if datetime.now(UTC) < session.expires_at else None


def delete_from_redis(session_id: str, client: redis.Redis) -> None:
    handle = sha256(session_id.encode()).hexdigest()
    session = SessionData.model_validate_json(client.getdel(f"session:{handle}") or "")
    client.zrem(f"user:{sha256(session.user_id.encode()).hexdigest()}", handle)
