"""``PostgresStorage``, awaited."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from itertools import count
from types import TracebackType
from typing import Any, Self, TypeVar

import psycopg
from psycopg_pool import AsyncConnectionPool

from cross_auth._refusals import check, check_ttl
from cross_auth.storage._outage import outage
from cross_auth.storage._postgres_connections import connect_once, execute_async
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

_T = TypeVar("_T")


class AsyncPostgresStorage:
    """Keep sessions in one table of PostgreSQL.

    ``PostgresStorage``, awaited, on a ``psycopg_pool.AsyncConnectionPool``, which belongs to one event loop.
    """

    def __init__(
        self,
        pool: AsyncConnectionPool[Any],
        *,
        table: str = "cross_auth_storage",
        schema: str | None = None,
        timeout: float = 5.0,
    ) -> None:
        if not isinstance(pool, AsyncConnectionPool):
            raise TypeError(f"AsyncPostgresStorage needs a psycopg_pool.AsyncConnectionPool, not {type(pool).__name__}")
        check("AsyncPostgresStorage", WANTED, table=table, schema=schema, timeout=timeout)
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

        As ``PostgresStorage.from_url``.
        """
        options = {"prepare_threshold": prepare_threshold, "max_connections": max_connections}
        check("AsyncPostgresStorage.from_url", WANTED, url=url, timeout=timeout, **options)
        settings = settings_of(url, timeout) | {"autocommit": True, "prepare_threshold": prepare_threshold}

        def make() -> AsyncConnectionPool[Any]:
            return AsyncConnectionPool(
                url, kwargs=settings, min_size=1, max_size=max_connections, reconnect_timeout=timeout, open=False
            )

        pool = make()
        storage = cls(pool, table=table, schema=schema, timeout=timeout)
        storage._pool = PoolOfProcess(pool, make)
        return storage

    async def create_table(self) -> None:
        """Create the table and its index where there are none; several processes may do so at the same time."""
        await self._run(partial(asyncio.to_thread, connect_once, self._pool))
        if await self._ask(b"SELECT to_regclass(%s)", self._statements.table) == (None,):
            await self._ask(self._statements.create)

    async def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        check_ttl(ttl)
        if not next(self._writes) % WRITES_BETWEEN_EXPIRIES:
            row = await self._ask(self._statements.expire, self._expired_until)
            self._expired_until = row[0] if row else 0
        await self._ask(self._statements.set, key, value, ttl)

    async def get(self, key: str, /) -> str | None:
        return text_of(await self._ask(self._statements.get, key))

    async def delete(self, key: str, /) -> None:
        await self._ask(self._statements.delete, key)

    async def pop(self, key: str, /) -> str | None:
        return text_of(await self._ask(self._statements.pop, key))

    async def close(self) -> None:
        """Close the pool if ``from_url`` made it."""
        if self._pool.owned:
            await self._pool.get().close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _ask(self, statement: bytes, *arguments: str | int | None) -> tuple[Any, ...] | None:
        return await self._run(
            partial(execute_async, self._pool, self._timeout, statement, arguments or None), *arguments
        )

    async def _run(self, work: Callable[[], Awaitable[_T]], *asked: object) -> _T:
        for tries_left in reversed(range(TRIES)):
            try:
                return await work()
            except (psycopg.Error, OverflowError, UnicodeError) as error:
                failure = error
            if not tries_left or not is_undone(failure):
                break
        raise outage("PostgreSQL", failure, asked)
