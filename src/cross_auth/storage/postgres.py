"""Sessions in PostgreSQL, on psycopg alone."""

from collections.abc import Callable
from functools import partial
from itertools import count
from types import TracebackType
from typing import Any, Self, TypeVar

try:
    import psycopg
    from psycopg_pool import ConnectionPool
except ImportError as error:
    raise ImportError(
        "PostgresStorage needs the postgres extra: pip install 'cross-auth-sessions[postgres]'"
    ) from error

from cross_auth._refusals import check, check_ttl
from cross_auth.storage._outage import outage
from cross_auth.storage._postgres_async import AsyncPostgresStorage
from cross_auth.storage._postgres_connections import connect_once, execute
from cross_auth.storage._postgres_pool import PoolOfProcess
from cross_auth.storage._postgres_settings import (
    TRIES,
    WANTED,
    WRITES_BETWEEN_EXPIRIES,
    is_undone,
    settings_of,
    text_of,
)
from cross_auth.storage._postgres_table import Statements

__all__ = ["AsyncPostgresStorage", "PostgresStorage"]

_T = TypeVar("_T")


class PostgresStorage:
    """Keep sessions in one table of PostgreSQL.

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
        self._writes = count()
        self._expired_until = 0
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
        options = {"prepare_threshold": prepare_threshold, "max_connections": max_connections}
        check("PostgresStorage.from_url", WANTED, url=url, timeout=timeout, **options)
        settings = settings_of(url, timeout) | {"autocommit": True, "prepare_threshold": prepare_threshold}

        def make() -> ConnectionPool[Any]:
            return ConnectionPool(
                url, kwargs=settings, min_size=1, max_size=max_connections, reconnect_timeout=timeout, open=False
            )

        pool = make()
        storage = cls(pool, table=table, schema=schema, timeout=timeout)
        storage._pool = PoolOfProcess(pool, make)
        return storage

    def create_table(self) -> None:
        """Create the table and its index where there are none; several processes may do so at the same time."""
        self._run(partial(connect_once, self._pool))
        if self._ask(b"SELECT to_regclass(%s)", self._statements.table) == (None,):
            self._ask(self._statements.create)

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        check_ttl(ttl)
        if not next(self._writes) % WRITES_BETWEEN_EXPIRIES:
            self._expire()
        self._ask(self._statements.set, key, value, ttl)

    def get(self, key: str, /) -> str | None:
        return text_of(self._ask(self._statements.get, key))

    def delete(self, key: str, /) -> None:
        self._ask(self._statements.delete, key)

    def pop(self, key: str, /) -> str | None:
        return text_of(self._ask(self._statements.pop, key))

    def _expire(self) -> None:
        """Remove some expired rows, from where the last time ended: PostgreSQL keeps those before as dead ones."""
        row = self._ask(self._statements.expire, self._expired_until)
        self._expired_until = row[0] if row else 0

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

    def _ask(self, statement: bytes, *arguments: str | int | None) -> tuple[Any, ...] | None:
        return self._run(partial(execute, self._pool, self._timeout, statement, arguments or None), *arguments)

    def _run(self, work: Callable[[], _T], *asked: object) -> _T:
        for tries_left in reversed(range(TRIES)):
            try:
                return work()
            except (psycopg.Error, OverflowError, UnicodeError) as error:
                failure = error
            if not tries_left or not is_undone(failure):
                break
        raise outage("PostgreSQL", failure, asked)
