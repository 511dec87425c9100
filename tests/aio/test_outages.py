"""Async storages on servers that are frozen, killed and restarted."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from cross_auth import StorageError, aio
from cross_auth.storage.postgres import AsyncPostgresStorage
from cross_auth.storage.redis import AsyncRedisStorage
from cross_auth.storage.sqlalchemy import AsyncSQLAlchemyStorage
from cross_auth.testing._laws import law
from tests.servers.postgres_server import PostgresServer
from tests.servers.redis_server import RedisServer
from tests.storages import POSTGRES, REDIS

TIMEOUT = 0.5


@pytest.fixture(scope="module")
def redis_server() -> Iterator[RedisServer]:
    running = RedisServer()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def postgres_server() -> Iterator[PostgresServer]:
    running = PostgresServer()
    yield running
    running.stop()


def _asyncpg(url: str) -> AsyncSQLAlchemyStorage:
    storage = AsyncSQLAlchemyStorage(create_async_engine(url.replace(":", "+asyncpg:", 1)), timeout=TIMEOUT)
    storage._owned = True  # here the caller ends with the storage
    return storage


OPENED: list[Any] = [
    pytest.param("redis_server", lambda url: AsyncRedisStorage.from_url(url, timeout=TIMEOUT), marks=REDIS.skip),
    pytest.param(
        "postgres_server", lambda url: AsyncPostgresStorage.from_url(url, timeout=TIMEOUT), marks=POSTGRES.skip
    ),
    pytest.param(
        "postgres_server", lambda url: AsyncSQLAlchemyStorage.from_url(url, timeout=TIMEOUT), marks=POSTGRES.skip
    ),
    pytest.param("postgres_server", _asyncpg, marks=POSTGRES.skip),
]
each_storage = pytest.mark.parametrize(("fixture", "make"), OPENED, ids=["redis", "postgres", "psycopg", "asyncpg"])
CALLS: list[Callable[[Any], Awaitable[object]]] = [
    lambda storage: storage.set("key", "value", ttl=60),
    lambda storage: storage.get("key"),
    lambda storage: storage.delete("key"),
    lambda storage: storage.pop("key"),
    lambda storage: storage.add("user:key", "member", 60),
    lambda storage: storage.members("user:key"),
    lambda storage: storage.discard("user:key", "member"),
]


async def _use(storage: Any) -> None:
    """Open several connections."""
    if hasattr(storage, "create_table"):
        await storage.create_table()
    await asyncio.gather(*(storage.get("key") for _ in range(8)))


@law("outage-raises", "redis-outage-is-bounded", "postgres-outage-is-bounded", "sqlalchemy-outage-is-bounded")
@each_storage
def test_a_frozen_server_is_a_storage_error_in_time(
    fixture: str, make: Callable[[str], Any], request: pytest.FixtureRequest
) -> None:
    """Each call raises, other tasks go on meanwhile, and afterwards the storage works."""
    server: Any = request.getfixturevalue(fixture)

    async def live() -> None:
        async with make(server.url) as storage:
            await _use(storage)
            session_id, session = await aio.create_session("user", storage)
            server.freeze()
            try:
                begin = time.monotonic()
                outcomes = await asyncio.gather(*(call(storage) for call in CALLS), return_exceptions=True)
                assert {StorageError} == {type(outcome) for outcome in outcomes}
                assert time.monotonic() - begin < 2 * TIMEOUT + 2.5  # asyncpg takes two seconds to give up
            finally:
                server.thaw()
            for call in CALLS:
                await call(storage)
            assert session == await aio.get_session(session_id, storage)

    asyncio.run(live())


@law("outage-raises", "redis-outage-is-bounded", "postgres-outage-is-bounded", "sqlalchemy-outage-is-bounded")
@each_storage
def test_a_dead_server_is_a_storage_error_and_a_restart_is_not_noticed(
    fixture: str, make: Callable[[str], Any], request: pytest.FixtureRequest
) -> None:
    """While it is down each call raises; once it is back the same storage reads what was there."""
    server: Any = request.getfixturevalue(fixture)

    async def live() -> None:
        async with make(server.url) as storage:
            await _use(storage)
            session_id, session = await aio.create_session("user", storage)
            server.kill()
            try:
                for call in CALLS:
                    with pytest.raises(StorageError):
                        await call(storage)
            finally:
                server.start()
            assert session == await aio.get_session(session_id, storage)
            await asyncio.gather(*(storage.get("key") for _ in range(8)))
            server.kill()
            server.start()
            for call in CALLS:
                await call(storage)
            assert session == await aio.get_session(session_id, storage)

    asyncio.run(live())
