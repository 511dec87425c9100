"""``PostgresStorage``, awaited."""

import asyncio
from functools import partial
from types import TracebackType
from typing import Any, Self

from psycopg_pool import AsyncConnectionPool

from cross_auth._refusals import check, check_ttl
from cross_auth.storage._expiry import Purge
from cross_auth.storage._postgres_connections import Row, connect_once, execute_async
from cross_auth.storage._postgres_pool import PoolOfProcess
from cross_auth.storage._postgres_settings import PURGED_A_TIME, WANTED, pool_options, text_of, texts_of
from cross_auth.storage._postgres_table import Statements, Table
from cross_auth.storage._postgres_tries import tried_async


class AsyncPostgresStorage:
    """Keep sessions in two tables of PostgreSQL.

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
        options: dict[str, Any] = {"prepare_threshold": prepare_threshold, "max_connections": max_connections}
        check("AsyncPostgresStorage.from_url", WANTED, url=url, timeout=timeout, **options)
        made_with = pool_options(url, timeout, **options)

        def make() -> AsyncConnectionPool[Any]:
            return AsyncConnectionPool(**made_with)

        pool = make()
        storage = cls(pool, table=table, schema=schema, timeout=timeout)
        storage._pool = PoolOfProcess(pool, make)
        return storage

    async def create_table(self) -> None:
        """Create the tables and their indexes where there are none; several processes may do so at the same time."""
        await tried_async(partial(asyncio.to_thread, connect_once, self._pool))
        for table in self._statements.tables:
            if await self._ask(b"SELECT to_regclass(%s)", table.name) == (None,):
                await self._ask(table.create)

    async def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        check_ttl(ttl)
        await self._expire(self._statements.records)
        await self._ask(self._statements.set, key, value, ttl)

    async def get(self, key: str, /) -> str | None:
        return text_of(await self._ask(self._statements.get, key))

    async def delete(self, key: str, /) -> None:
        await self._ask(self._statements.delete, key)

    async def pop(self, key: str, /) -> str | None:
        return text_of(await self._ask(self._statements.pop, key))

    async def add(self, key: str, member: str, ttl: int, /) -> None:
        check_ttl(ttl, endless=False)
        await self._expire(self._statements.index)
        await self._ask(self._statements.add, key, member, ttl)

    async def members(self, key: str, /) -> list[str]:
        return texts_of(await self._ask(self._statements.members, key))

    async def discard(self, key: str, member: str, /) -> None:
        await self._ask(self._statements.discard, key, member)

    async def purge(self, limit: int = 1000) -> int:
        """Remove up to ``limit`` expired rows of both tables, and return how many went.

        As ``PostgresStorage.purge``.
        """
        check("AsyncPostgresStorage.purge", WANTED, limit=limit)
        purge = Purge(self._statements.tables, limit, PURGED_A_TIME)
        for table, begin, rows in purge:
            purge.gone += await self._remove(table, begin, rows)
        return purge.gone

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

    async def _expire(self, table: Table) -> None:
        if rows := table.due():
            await self._remove(table, table.begin, rows)

    async def _remove(self, table: Table, begin: int, rows: int) -> int:
        return table.note(rows, await self._ask(table.remove(begin, rows)))

    async def _ask(self, statement: bytes, *arguments: str | int | None) -> Row:
        work = partial(execute_async, self._pool, self._timeout, statement, arguments or None)
        return await tried_async(work, *arguments)
