"""Storages of raw statements: one for each call of a storage, nothing checked, nothing translated."""

from typing import Any

from benchmarks.floor_of_sql import (
    MARIADB_ADD,
    MARIADB_DISCARD,
    MARIADB_GET,
    MARIADB_MEMBERS,
    MARIADB_POP,
    MARIADB_SET,
    POSTGRES,
    Pool,
)


class RawPostgres:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def set(self, key: str, value: str, ttl: int) -> None:
        with self._pool.connection() as connection:
            connection.execute(POSTGRES.set, (key, value, ttl))

    def get(self, key: str) -> Any:
        with self._pool.connection() as connection:
            row = connection.execute(POSTGRES.get, (key,)).fetchone()
        return row and row[0]

    def pop(self, key: str) -> Any:
        with self._pool.connection() as connection:
            row = connection.execute(POSTGRES.pop, (key,)).fetchone()
        return row and row[0]

    def add(self, key: str, member: str, ttl: int) -> None:
        with self._pool.connection() as connection:
            connection.execute(POSTGRES.add, (key, member, ttl))

    def members(self, key: str) -> list[str]:
        with self._pool.connection() as connection:
            row = connection.execute(POSTGRES.members, (key,)).fetchone()
        return list(row[0] or []) if row else []

    def discard(self, key: str, member: str) -> None:
        with self._pool.connection() as connection:
            connection.execute(POSTGRES.discard, (key, member))


class RawMariaDB:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def set(self, key: str, value: str, ttl: int) -> None:
        self._ask(MARIADB_SET, key.encode(), value, ttl)

    def get(self, key: str) -> Any:
        return self._value(MARIADB_GET, key.encode())

    def pop(self, key: str) -> Any:
        return self._value(MARIADB_POP, key.encode())

    def add(self, key: str, member: str, ttl: int) -> None:
        self._ask(MARIADB_ADD, key.encode(), member.encode(), ttl)

    def members(self, key: str) -> list[str]:
        return [member.decode() for (member,) in self._ask(MARIADB_MEMBERS, key.encode())]

    def discard(self, key: str, member: str) -> None:
        self._ask(MARIADB_DISCARD, key.encode(), member.encode())

    def _value(self, statement: str, key: bytes) -> Any:
        rows = self._ask(statement, key)
        return rows[0][0] if rows else None

    def _ask(self, statement: str, *arguments: object) -> Any:
        with self._connection.cursor() as cursor:
            cursor.execute(statement, arguments)
            return cursor.fetchall()
