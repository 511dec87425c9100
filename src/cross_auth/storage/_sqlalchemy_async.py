"""``SQLAlchemyStorage``, awaited: the same work, in the greenlet that SQLAlchemy gives to sync code over asyncio."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self, TypeVar

from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import await_only, greenlet_spawn

from cross_auth._protocols import StorageError
from cross_auth._refusals import check
from cross_auth.storage._sqlalchemy_engine import ASYNC_DRIVERS, WANTED, at_fork, make
from cross_auth.storage._sqlalchemy_expiry import Removal
from cross_auth.storage._sqlalchemy_records import Records

_T = TypeVar("_T")


class AsyncSQLAlchemyStorage:
    """Keep sessions in two tables of a database that SQLAlchemy reaches.

    ``SQLAlchemyStorage``, awaited, on an ``AsyncEngine`` on PostgreSQL, which belongs to one event loop.
    ``timeout`` is how many seconds a call may take; asyncpg takes two more to give up a server that is frozen.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        *,
        table: str = "cross_auth_storage",
        schema: str | None = None,
        timeout: float = 5.0,
    ) -> None:
        check("AsyncSQLAlchemyStorage", WANTED, table=table, schema=schema, timeout=timeout)
        if not isinstance(engine, AsyncEngine):
            raise TypeError(f"AsyncSQLAlchemyStorage needs an AsyncEngine of SQLAlchemy, not {type(engine).__name__}")
        if engine.dialect.name != "postgresql":
            wanted = "AsyncSQLAlchemyStorage knows postgresql; for another database use in_thread() of cross_auth.aio"
            raise ValueError(f"{wanted} on a SQLAlchemyStorage or a SQLiteStorage, not {engine.dialect.name}")
        at_fork(engine.sync_engine)
        self._engine = engine
        self._owned = False
        # psycopg ends each wait by itself; where it is cancelled it asks the server first, for ten seconds.
        self._timeout = None if engine.dialect.driver == "psycopg" else timeout
        self._records = Records(engine.sync_engine, table, schema, timeout, _sleep)

    @classmethod
    def from_url(
        cls,
        url: str,
        *,
        table: str = "cross_auth_storage",
        schema: str | None = None,
        timeout: float = 5.0,
        max_connections: int = 16,
    ) -> Self:
        """Return a storage on an engine of its own, whose every wait has an end.

        As ``SQLAlchemyStorage.from_url``, over psycopg.
        """
        check("AsyncSQLAlchemyStorage.from_url", WANTED, url=url, timeout=timeout, max_connections=max_connections)
        engine = make(create_async_engine, ASYNC_DRIVERS, url, timeout, max_connections)
        storage = cls(engine, table=table, schema=schema, timeout=timeout)
        storage._owned = True
        return storage

    async def create_table(self) -> None:
        """Create the tables and their indexes where there are none; several processes may do so at the same time."""
        await self._run(self._records.create_table)

    async def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        await self._run(self._records.set, key, value, ttl)

    async def get(self, key: str, /) -> str | None:
        return await self._run(self._records.get, key)

    async def delete(self, key: str, /) -> None:
        await self._run(self._records.delete, key)

    async def pop(self, key: str, /) -> str | None:
        return await self._run(self._records.pop, key)

    async def add(self, key: str, member: str, ttl: int, /) -> None:
        await self._run(self._records.add, key, member, ttl)

    async def members(self, key: str, /) -> list[str]:
        return await self._run(self._records.members, key)

    async def discard(self, key: str, member: str, /) -> None:
        await self._run(self._records.discard, key, member)

    async def purge(self, limit: int = 1000) -> int:
        """Remove up to ``limit`` expired rows of both tables, and return how many went.

        As ``SQLAlchemyStorage.purge``; ``timeout`` is for each of its steps.
        """
        check("AsyncSQLAlchemyStorage.purge", WANTED, limit=limit)
        purge = self._records.purge(limit)
        for removal, begin, rows in purge:
            purge.gone += await self._run(self._records.remove, removal, begin, rows)
        return purge.gone

    async def close(self) -> None:
        """Close the connections if ``from_url`` made the engine."""
        if self._owned:
            self._records.closed = True
            await self._engine.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _run(self, work: Callable[..., _T], *arguments: Removal | str | int | None) -> _T:
        try:
            async with asyncio.timeout(self._timeout) as limit:
                return await greenlet_spawn(work, *arguments)
        except TimeoutError:
            if not limit.expired():
                raise
        raise StorageError(f"{self._engine.dialect.name}: TimeoutError: no answer within {self._timeout:g} seconds")


def _sleep(seconds: float) -> None:
    await_only(asyncio.sleep(seconds))
