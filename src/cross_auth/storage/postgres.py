"""Sessions in PostgreSQL, on psycopg alone."""

from functools import partial
from types import TracebackType
from typing import Any, Self

try:
    from psycopg_pool import ConnectionPool
except ImportError as error:
    raise ImportError(
        "PostgresStorage needs the postgres extra: pip install 'cross-auth-sessions[postgres]'"
    ) from error

from cross_auth._refusals import check, check_ttl
from cross_auth.storage._expiry import Purge
from cross_auth.storage._postgres_async import AsyncPostgresStorage
from cross_auth.storage._postgres_connections import Row, connect_once, execute
from cross_auth.storage._postgres_pool import PoolOfProcess
from cross_auth.storage._postgres_settings import PURGED_A_TIME, WANTED, pool_options, text_of, texts_of
from cross_auth.storage._postgres_table import Statements, Table
from cross_auth.storage._postgres_tries import tried

__all__ = ["AsyncPostgresStorage", "PostgresStorage"]


class PostgresStorage:
    """Keep sessions in two tables of PostgreSQL.

    Takes an open ``psycopg_pool.ConnectionPool``, which stays the caller's: ``close`` leaves it open.
    Connections in autocommit mode (``kwargs={"autocommit": True}``) save two round trips a call.
    ``timeout`` is how many seconds a connection may take, and an answer.
    Nothing is kept in a connection, so a pooler may stand between;
    for one that does not know prepared statements, connections have ``prepare_threshold=None``.
    Raises ``TypeError`` for anything but a sync pool, ``pydantic.ValidationError`` that names the parameter.
    """

    def __init__(
        self,
        pool: ConnectionPool[Any],
        *,
        table: str = "cross_auth_storage",
        schema: str | None = None,
        timeout: float = 5.0,
    ) -> None:
        if not isinstance(pool, ConnectionPool):
            raise TypeError(f"PostgresStorage needs a psycopg_pool.ConnectionPool, not {type(pool).__name__}")
        check("PostgresStorage", WANTED, table=table, schema=schema, timeout=timeout)
        self._statements = Statements(table, schema)
        self._timeout = timeout
        self._pool = PoolOfProcess(pool)

    @classmethod
    def from_url(
        cls,
        url: str,
        *,
        table: str = "cross_auth_storage",
        schema: str | None = None,
        timeout: float = 5.0,
        prepare_threshold: int | None = 5,
        max_connections: int = 16,
    ) -> Self:
        """Return a storage on a pool of its own, which is opened at the first call, and anew in a child process.

        ``url`` is what libpq takes; of several hosts the one that takes writes is used.
        Raises ``ValueError`` for a URL that is none; the message does not hold it.
        """
        options: dict[str, Any] = {"prepare_threshold": prepare_threshold, "max_connections": max_connections}
        check("PostgresStorage.from_url", WANTED, url=url, timeout=timeout, **options)
        made_with = pool_options(url, timeout, **options)

        def make() -> ConnectionPool[Any]:
            return ConnectionPool(**made_with)

        pool = make()
        storage = cls(pool, table=table, schema=schema, timeout=timeout)
        storage._pool = PoolOfProcess(pool, make)
        return storage

    def create_table(self) -> None:
        """Create the tables and their indexes where there are none; several processes may do so at the same time."""
        tried(partial(connect_once, self._pool))
        for table in self._statements.tables:
            if self._ask(b"SELECT to_regclass(%s)", table.name) == (None,):
                self._ask(table.create)

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        check_ttl(ttl)
        self._expire(self._statements.records)
        self._ask(self._statements.set, key, value, ttl)

    def get(self, key: str, /) -> str | None:
        return text_of(self._ask(self._statements.get, key))

    def delete(self, key: str, /) -> None:
        self._ask(self._statements.delete, key)

    def pop(self, key: str, /) -> str | None:
        return text_of(self._ask(self._statements.pop, key))

    def add(self, key: str, member: str, ttl: int, /) -> None:
        check_ttl(ttl, endless=False)
        self._expire(self._statements.index)
        self._ask(self._statements.add, key, member, ttl)

    def members(self, key: str, /) -> list[str]:
        return texts_of(self._ask(self._statements.members, key))

    def discard(self, key: str, member: str, /) -> None:
        self._ask(self._statements.discard, key, member)

    def purge(self, limit: int = 1000) -> int:
        """Remove up to ``limit`` expired rows of both tables, and return how many went.

        Fewer than ``limit``, which is 1 to 100 000, means that no more had expired.
        Writes remove what has expired, too: a table needs this after a burst, or where it is hardly written any more.
        The rows go in steps of a few milliseconds, beside those who write and others who purge.
        The tables keep their size, whose free room PostgreSQL uses again after its own ``VACUUM``.
        """
        check("PostgresStorage.purge", WANTED, limit=limit)
        purge = Purge(self._statements.tables, limit, PURGED_A_TIME)
        for table, begin, rows in purge:
            purge.gone += self._remove(table, begin, rows)
        return purge.gone

    def close(self) -> None:
        """Close the pool if ``from_url`` made it."""
        if self._pool.owned:
            self._pool.get().close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _expire(self, table: Table) -> None:
        if rows := table.due():
            self._remove(table, table.begin, rows)

    def _remove(self, table: Table, begin: int, rows: int) -> int:
        return table.note(rows, self._ask(table.remove(begin, rows)))

    def _ask(self, statement: bytes, *arguments: str | int | None) -> Row:
        work = partial(execute, self._pool, self._timeout, statement, arguments or None)
        return tried(work, *arguments)
