"""The async storages that every test of an async storage runs on; each is made on the loop that it is used on."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from cross_auth import AsyncSecondaryStorage
from cross_auth.aio import in_thread
from cross_auth.storage.memory import AsyncMemoryStorage
from cross_auth.storage.postgres import AsyncPostgresStorage
from cross_auth.storage.redis import AsyncRedisStorage
from cross_auth.storage.sqlalchemy import AsyncSQLAlchemyStorage
from tests import databases
from tests.servers import postgres_server, redis_server
from tests.storages import POSTGRES, REDIS, Case, make_sqlite, skip_where


@dataclass(frozen=True)
class AsyncBackend:
    """An async storage that tests can make; ``advance`` is ``None`` where the storage reads the process's time."""

    name: str
    make: Callable[[], Awaitable[AsyncSecondaryStorage]]
    advance: Callable[[Any, float], object] | None = None
    missing: str = ""

    def on(self, case: Case) -> Case:
        """Skip a test case where the backend cannot run."""
        marked: Case = skip_where(self.name, self.missing)(case)
        return marked


async def _memory() -> AsyncMemoryStorage:
    return AsyncMemoryStorage()


async def _sqlite_in_thread() -> AsyncSecondaryStorage:
    return in_thread(make_sqlite())


async def _redis() -> AsyncRedisStorage:
    return AsyncRedisStorage.from_url(redis_server.fresh_database())


async def _advance_redis(storage: AsyncRedisStorage, seconds: float) -> None:
    client, passed = storage._client, int(seconds * 1000)
    async for key in client.scan_iter(_type="zset"):
        scores = await client.zrange(key, 0, -1, withscores=True)
        await client.zadd(key, {member: score - passed for member, score in scores})
    async for key in client.scan_iter():
        expiry = await client.pexpiretime(key)
        if expiry > 0:
            await client.pexpireat(key, max(1, expiry - passed))


async def _postgres() -> AsyncPostgresStorage:
    table = databases.make_postgres()._statements.table.strip('"')
    return AsyncPostgresStorage.from_url(postgres_server.shared_url(), table=table)


def _advance_postgres(storage: AsyncPostgresStorage, seconds: float) -> None:
    with databases.pool().connection() as connection:
        for table in storage._statements.tables:
            connection.execute(databases.aged(table.name, seconds).encode())


async def _asyncpg() -> AsyncSQLAlchemyStorage:
    """Return a storage on an engine of the caller's, in SQLAlchemy's own isolation level."""
    table = databases.make_postgres()._statements.table.strip('"')
    engine = create_async_engine(postgres_server.shared_url().replace("postgresql:", "postgresql+asyncpg:"))
    storage = AsyncSQLAlchemyStorage(engine, table=table)
    storage._owned = True  # here the caller ends with the storage
    return storage


async def _psycopg() -> AsyncSQLAlchemyStorage:
    table = databases.make_postgres()._statements.table.strip('"')
    return AsyncSQLAlchemyStorage.from_url(postgres_server.shared_url(), table=table)


async def _advance_table(storage: AsyncSQLAlchemyStorage, seconds: float) -> None:
    async with storage._engine.begin() as connection:
        for table in storage._records.tables:
            await connection.execute(text(databases.aged(table.name, seconds)))


ASYNC_MEMORY = AsyncBackend("AsyncMemory", _memory)
SQLITE_IN_THREAD = AsyncBackend("SQLite in threads", _sqlite_in_thread)
ASYNC_REDIS = AsyncBackend("AsyncRedis", _redis, _advance_redis, REDIS.missing)
ASYNC_POSTGRES = AsyncBackend("AsyncPostgres", _postgres, _advance_postgres, POSTGRES.missing)
ASYNC_SQLALCHEMY_ASYNCPG = AsyncBackend("AsyncSQLAlchemy asyncpg", _asyncpg, _advance_table, POSTGRES.missing)
ASYNC_SQLALCHEMY_PSYCOPG = AsyncBackend("AsyncSQLAlchemy psycopg", _psycopg, _advance_table, POSTGRES.missing)
ASYNC_BACKENDS = [
    ASYNC_MEMORY,
    SQLITE_IN_THREAD,
    ASYNC_REDIS,
    ASYNC_POSTGRES,
    ASYNC_SQLALCHEMY_ASYNCPG,
    ASYNC_SQLALCHEMY_PSYCOPG,
]
