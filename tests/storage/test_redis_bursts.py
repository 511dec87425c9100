"""Many calls at a time: each has a connection, unless there is a limit."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from cross_auth import StorageError
from cross_auth.storage.redis import AsyncRedisStorage, RedisStorage
from cross_auth.testing._laws import law
from tests.servers.redis_server import RedisServer
from tests.storages import REDIS

pytestmark = REDIS.skip

CALLS = 150  # more than a pool of redis-py has connections when nobody says how many
PAUSE = 1000  # milliseconds for which the server answers none of them, so that all are under way at a time


@pytest.fixture
def paused() -> Iterator[str]:
    """Yield the URL of a server that has a value and does not answer for a while."""
    server = RedisServer()
    with redis.Redis(port=server.port) as client:
        client.set("key", "value")
        client.client_pause(PAUSE)
    yield server.url
    server.stop()


async def ask(url: str, max_connections: int | None) -> list[str | BaseException | None]:
    async with AsyncRedisStorage.from_url(url, timeout=20, max_connections=max_connections) as storage:
        return await asyncio.gather(*(storage.get("key") for _ in range(CALLS)), return_exceptions=True)


@law("redis-serves-bursts")
def test_many_tasks_at_a_time_are_all_answered(paused: str) -> None:
    """A burst of requests opens as many connections as it needs, and none is refused."""
    assert ["value"] * CALLS == asyncio.run(ask(paused, None))


@law("redis-serves-bursts")
def test_many_threads_at_a_time_are_all_answered(paused: str) -> None:
    """So it is for threads."""
    with RedisStorage.from_url(paused, timeout=20) as storage, ThreadPoolExecutor(CALLS) as threads:
        assert ["value"] * CALLS == list(threads.map(lambda _: storage.get("key"), range(CALLS)))


@law("redis-serves-bursts")
def test_a_limit_is_kept(paused: str) -> None:
    """Where there is a limit, so many calls are answered and the others are errors, which look like no log-out."""
    answers = asyncio.run(ask(paused, 10))
    assert 10 == answers.count("value")
    assert {StorageError} == {type(answer) for answer in answers if answer != "value"}
