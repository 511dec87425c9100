"""Storages of raw client calls: one for each call of a storage, nothing checked, nothing translated."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import time_ns
from typing import Any

import redis

from benchmarks import floor
from benchmarks.raw_sql import RawMariaDB, RawPostgres
from cross_auth.storage import _redis_sets
from cross_auth.storage import _sqlite_statements as sqlite_statements


class RawMemory:
    def __init__(self, memory: floor.Memory) -> None:
        self._entries, self._users = memory

    def set(self, key: str, value: str, ttl: int) -> None:
        self._entries[key] = value, datetime.now(UTC) + timedelta(seconds=ttl)

    def get(self, key: str) -> str | None:
        entry = self._entries.get(key)
        return entry[0] if entry is not None and datetime.now(UTC) < entry[1] else None

    def pop(self, key: str) -> str | None:
        entry = self._entries.pop(key, None)
        return entry[0] if entry is not None and datetime.now(UTC) < entry[1] else None

    def add(self, key: str, member: str, ttl: int) -> None:
        self._users.setdefault(key, {})[member] = datetime.now(UTC) + timedelta(seconds=ttl)

    def members(self, key: str) -> list[str]:
        now = datetime.now(UTC)
        return [member for member, end in self._users.get(key, {}).items() if now < end]

    def discard(self, key: str, member: str) -> None:
        self._users[key].pop(member, None)


class RawRedis:
    def __init__(self, client: redis.Redis) -> None:
        self._client = client

    def set(self, key: str, value: str, ttl: int) -> None:
        self._client.set(key, value, ex=ttl)

    def get(self, key: str) -> Any:
        return self._client.get(key)

    def pop(self, key: str) -> Any:
        return self._client.getdel(key)

    def add(self, key: str, member: str, ttl: int) -> None:
        self._client.eval(_redis_sets.ADD, 1, key, member, ttl)

    def members(self, key: str) -> list[str]:
        found: Any = self._client.eval(_redis_sets.MEMBERS, 1, key)
        return [member.decode() for member in found]

    def discard(self, key: str, member: str) -> None:
        self._client.zrem(key, member)


class RawSQLite:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.execute

    def set(self, key: str, value: str, ttl: int) -> None:
        self._execute(sqlite_statements.SET, (key, value, time_ns() // 1000 + ttl * 1_000_000))

    def get(self, key: str) -> Any:
        row = self._execute(sqlite_statements.GET, (key, time_ns() // 1000)).fetchone()
        return row and row[0]

    def pop(self, key: str) -> Any:
        rows = self._execute(floor.SQLITE_POP, (key,)).fetchall()  # all, which is what commits
        return rows[0][0] if rows else None

    def add(self, key: str, member: str, ttl: int) -> None:
        self._execute(sqlite_statements.ADD, (key, member, time_ns() // 1000 + ttl * 1_000_000))

    def members(self, key: str) -> list[str]:
        return [member for (member,) in self._execute(sqlite_statements.MEMBERS, (key, time_ns() // 1000))]

    def discard(self, key: str, member: str) -> None:
        self._execute(sqlite_statements.DISCARD, (key, member))


RAW: dict[str, Callable[[Any], Any]] = {
    "memory": RawMemory,
    "SQLite NORMAL": RawSQLite,
    "SQLite FULL": RawSQLite,
    "Redis TCP": RawRedis,
    "Redis socket": RawRedis,
    "Redis Cluster": RawRedis,
    "PostgreSQL TCP": RawPostgres,
    "SQLAlchemy MariaDB": RawMariaDB,
}
