"""The library and the floor, awaited, each pair on an event loop of its own."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import psycopg
import redis

from benchmarks import floor, floor_awaited, floor_of_sql
from benchmarks.local_pairs import putting_by_hand, putting_in_storage
from benchmarks.postgres_pairs import putting_postgres
from benchmarks.server_pairs import putting_redis
from benchmarks.sides import OURS_AWAITED, TABLE, Operations, Pair, Side, tables
from cross_auth.storage._postgres_table import Statements
from cross_auth.storage.memory import AsyncMemoryStorage
from cross_auth.storage.postgres import AsyncPostgresStorage, PostgresStorage
from cross_auth.storage.redis import AsyncRedisStorage

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
    with asyncio.Runner() as runner, redis.Redis.from_url(url) as filler:
        storage, put = AsyncRedisStorage.from_url(url), putting_redis(filler)
        yield Pair(
            Side(OURS_AWAITED, lambda: nullcontext(storage), put, runner),
            Side(IN_REDIS, lambda: nullcontext(storage._client), put, runner),
        )
        runner.run(storage.close())


@contextmanager
def awaited_in_postgres(url: str) -> Iterator[Pair]:
    """Compare on one pool: two processes of the server differ by more than the two sides."""
    with asyncio.Runner() as runner, psycopg.connect(url, autocommit=True) as filler:
        filler.execute(f"DROP TABLE IF EXISTS {tables(TABLE)}, {tables(floor_of_sql.TABLE)}")
        with PostgresStorage.from_url(url, table=floor_of_sql.TABLE) as other:
            other.create_table()
        storage = AsyncPostgresStorage.from_url(url, table=TABLE)
        runner.run(storage.create_table())
        pool = storage._pool.get()
        ours, theirs = (putting_postgres(filler, each) for each in (Statements(TABLE, None), floor_of_sql.POSTGRES))
        yield Pair(
            Side(OURS_AWAITED, lambda: nullcontext(storage), ours, runner),
            Side(IN_POSTGRES, lambda: nullcontext(pool), theirs, runner),
        )
        runner.run(storage.close())
