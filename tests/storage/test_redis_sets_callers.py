"""Sets in Redis, asked by every client that there is, and by many callers at once."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from threading import Event
from typing import Any

import pytest
import redis.asyncio
import valkey.asyncio

from cross_auth.storage.redis import AsyncRedisStorage, RedisStorage
from cross_auth.testing._laws import law
from tests.servers.redis_server import fresh_database
from tests.storages import REDIS

pytestmark = REDIS.skip

CLIENTS: dict[str, tuple[Callable[..., Any], dict[str, object]]] = {
    "redis": (redis.Redis.from_url, {"protocol": 2}),
    "redis that decodes": (redis.Redis.from_url, {"decode_responses": True}),
    "redis in RESP3": (redis.Redis.from_url, {"protocol": 3}),
    "valkey": (valkey.Valkey.from_url, {}),
    "valkey that decodes": (valkey.Valkey.from_url, {"decode_responses": True, "protocol": 3}),
}
ASYNC_CLIENTS: dict[str, tuple[Callable[..., Any], dict[str, object]]] = {
    "redis": (redis.asyncio.Redis.from_url, {"protocol": 2}),
    "redis that decodes": (redis.asyncio.Redis.from_url, {"decode_responses": True, "protocol": 3}),
    "valkey": (valkey.asyncio.Valkey.from_url, {}),
    "valkey that decodes": (valkey.asyncio.Valkey.from_url, {"decode_responses": True}),
}


@law("storage-index-has-what-was-added")
@pytest.mark.parametrize(("make", "options"), CLIENTS.values(), ids=CLIENTS)
def test_every_client_serves(make: Callable[..., Any], options: dict[str, object]) -> None:
    """Members come back as text, from a client that decodes and from one that does not."""
    with make(fresh_database(), **options) as client:
        storage = RedisStorage(client)
        for name in ("kept", "discarded"):
            storage.add("key", name, 60)
        storage.discard("key", "discarded")
        assert (["kept"], []) == (storage.members("key"), storage.members("nothing"))


@law("storage-index-has-what-was-added")
@pytest.mark.parametrize(("make", "options"), ASYNC_CLIENTS.values(), ids=ASYNC_CLIENTS)
def test_every_async_client_serves(make: Callable[..., Any], options: dict[str, object]) -> None:
    """Members come back as text, from a client that decodes and from one that does not."""

    async def live() -> None:
        async with make(fresh_database(), **options) as client:
            storage = AsyncRedisStorage(client)
            for name in ("kept", "discarded"):
                await storage.add("key", name, 60)
            await storage.discard("key", "discarded")
            assert (["kept"], []) == (await storage.members("key"), await storage.members("nothing"))

    asyncio.run(live())


@law("storage-index-is-atomic", "storage-is-safe-for-threads")
def test_what_sixteen_threads_add_and_discard_is_all_done() -> None:
    """A member that stays is never missed by those that read meanwhile."""
    done = Event()

    def read() -> int:
        reads = 0
        while not done.is_set() or reads < 20:
            assert "stays" in storage.members("key")
            reads += 1
        return reads

    with RedisStorage.from_url(fresh_database()) as storage, ThreadPoolExecutor(17) as threads:
        storage.add("key", "stays", 600)
        reader = threads.submit(read)
        list(threads.map(lambda number: add_and_discard(storage, number), range(16)))
        done.set()
        assert reader.result() >= 20
        assert sorted(["stays", *kept(16)]) == sorted(storage.members("key"))


@law("storage-index-is-atomic", "redis-is-safe-for-processes")
def test_what_four_processes_add_and_discard_is_all_done() -> None:
    """All work on one set, and none undoes what another did."""
    url = fresh_database()
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as processes:
        list(processes.map(in_a_process, [url] * 4, range(4)))
    with RedisStorage.from_url(url) as storage:
        assert kept(4) == sorted(storage.members("key"))


def add_and_discard(storage: RedisStorage, number: int) -> None:
    for turn in range(10):
        storage.add("key", f"{number} kept {turn}", 60)
        storage.add("key", f"{number} discarded {turn}", 600)
        storage.discard("key", f"{number} discarded {turn}")


def kept(callers: int) -> list[str]:
    return sorted(f"{number} kept {turn}" for number in range(callers) for turn in range(10))


def in_a_process(url: str, number: int) -> None:
    with RedisStorage.from_url(url) as storage:
        add_and_discard(storage, number)
