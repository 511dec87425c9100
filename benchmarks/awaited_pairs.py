"""The library and the floor, awaited, each pair on an event loop of its own."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

import psycopg
from psycopg_pool import AsyncConnectionPool

from benchmarks import floor, floor_awaited, floor_of_sql
from benchmarks.local_pairs import putting_by_hand, putting_in_storage
from benchmarks.postgres_pairs import MOST, putting_postgres
from benchmarks.server_pairs import putting_redis
from benchmarks.sides import OURS_AWAITED, TABLE, Operations, Pair, Side, tables
from cross_auth.storage._postgres_table import Statements
from cross_auth.storage.memory import AsyncMemoryStorage
from cross_auth.storage.postgres import AsyncPostgresStorage, PostgresStorage
from cross_auth.storage.redis import AsyncRedisStorage, RedisStorage
from cross_auth.storage.sqlalchemy import AsyncSQLAlchemyStorage

IN_MEMORY: Operations = {
    "create": floor_awaited.create_in_memory,
    "get": floor_awaited.get_from_memory,
    "delete": floor_awaited.delete_from_memory,
}
IN_REDIS: Operations = {
    "create": floor_awaited.create_in_redis,
    "get": floor_awaited.get_from_redis,
    "delete": floor_awaited.delete_from_redis,
}
IN_POSTGRES: Operations = {
    "create": floor_awaited.create_in_postgres,
    "get": floor_awaited.get_from_postgres,
    "delete": floor_awaited.delete_from_postgres,
}
Make = Callable[..., AsyncPostgresStorage | AsyncSQLAlchemyStorage]


@contextmanager
def awaited_in_memory() -> Iterator[Pair]:
    storage = AsyncMemoryStorage()
    memory = floor.Memory({}, {})

    with asyncio.Runner() as runner:
        yield Pair(
            Side(OURS_AWAITED, lambda: nullcontext(storage), putting_in_storage(storage._storage), runner),
            Side(IN_MEMORY, lambda: nullcontext(memory), putting_by_hand(memory), runner),
        )


@contextmanager
def awaited_in_redis(url: str) -> Iterator[Pair]:
    with asyncio.Runner() as runner, RedisStorage.from_url(url) as filling:
        storage, put = AsyncRedisStorage.from_url(url), putting_redis(filling._client)
        yield Pair(
            Side(OURS_AWAITED, lambda: nullcontext(storage), put, runner),
            Side(IN_REDIS, lambda: nullcontext(storage._client), put, runner),
        )
        runner.run(storage.close())


@contextmanager
def awaited_in_postgres(make: Make, url: str) -> Iterator[Pair]:
    """Compare an async storage on a URL; the floor is always psycopg and its pool."""
    with asyncio.Runner() as runner, psycopg.connect(url, autocommit=True) as filler:
        filler.execute(f"DROP TABLE IF EXISTS {tables(TABLE)}, {tables(floor_of_sql.TABLE)}")
        with PostgresStorage.from_url(url, table=floor_of_sql.TABLE) as other:
            other.create_table()
        storage = make(url, table=TABLE)
        runner.run(storage.create_table())
        pool = runner.run(_pool(url, storage))
        ours, theirs = (putting_postgres(filler, each) for each in (Statements(TABLE, None), floor_of_sql.POSTGRES))
        yield Pair(
            Side(OURS_AWAITED, lambda: nullcontext(storage), ours, runner),
            Side(IN_POSTGRES, lambda: nullcontext(pool), theirs, runner),
        )
        runner.run(pool.close())
        runner.run(storage.close())


async def _pool(url: str, storage: AsyncPostgresStorage | AsyncSQLAlchemyStorage) -> floor_awaited.Pool:
    """Return the storage's own pool where it has one: two processes of the server differ by more than two sides."""
    if isinstance(storage, AsyncPostgresStorage):
        return storage._pool.get()
    pool: floor_awaited.Pool = AsyncConnectionPool(
        url, min_size=1, max_size=MOST, kwargs={"autocommit": True}, open=False
    )
    await pool.open()
    return pool
