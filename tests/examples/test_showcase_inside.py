"""What is read of a storage for the showcase, on each backend."""

import asyncio
from collections.abc import Awaitable, Callable
from hashlib import sha256
from math import inf
from typing import Any

import pytest

from cross_auth import aio, session_handle
from cross_auth.storage.redis import AsyncRedisStorage
from examples.inside import LIMIT, Entry, look
from tests import databases
from tests.async_storages import ASYNC_MEMORY, ASYNC_POSTGRES, ASYNC_REDIS, SQLITE_IN_THREAD, AsyncBackend
from tests.servers import redis_server
from tests.storages import REDIS, skip_where


async def _sqlalchemy() -> Any:
    return aio.in_thread(databases.make_on_sqlite())


SQLALCHEMY_IN_THREAD = AsyncBackend("SQLAlchemySQLite in threads", _sqlalchemy)
BACKENDS = [
    pytest.param(each.make, id=each.name, marks=skip_where(each.name, each.missing))
    for each in (ASYNC_MEMORY, SQLITE_IN_THREAD, ASYNC_REDIS, ASYNC_POSTGRES, SQLALCHEMY_IN_THREAD)
]
Make = Callable[[], Awaitable[Any]]
on_each = pytest.mark.parametrize("make", BACKENDS)


def run(make: Make, work: Callable[[Any], Awaitable[Any]]) -> Any:
    """Run work on a new storage, and close the storage on the loop that it was made on."""

    async def whole() -> Any:
        async with await make() as storage:
            return await work(storage)

    return asyncio.run(whole())


@on_each
def test_values_and_members_are_read(make: Make) -> None:
    """Every entry has its key, its value or member, and the seconds that it has left."""

    async def work(storage: Any) -> list[Entry] | None:
        await storage.set("session:a", '{"user_id": "ü"}', ttl=100)
        await storage.set("unlocked:a", "yes")
        await storage.add("user:b", "a", 200)
        await storage.add("user:b", "c", 300)
        return await look(storage)

    values = {("session:a", '{"user_id": "ü"}', 100), ("unlocked:a", "yes", inf)}
    members = {("user:b", "a", 200), ("user:b", "c", 300)}
    assert values | members == {(key, value, round(left, -2)) for key, value, left in run(make, work)}


@on_each
def test_other_keys_are_left_out(make: Make) -> None:
    """What another program keeps in the same place is not shown."""

    async def work(storage: Any) -> list[Entry] | None:
        await storage.set("token:secret", "x", ttl=100)
        await storage.set("sessions", "x", ttl=100)
        await storage.add("group:secret", "x", 100)
        return await look(storage, ["token:secret"])

    assert [] == run(make, work)


@on_each
def test_own_entries_are_among_many(make: Make) -> None:
    """Of many entries so many are read and no more, with those under the wanted keys in front."""

    async def work(storage: Any) -> tuple[str, list[Entry] | None]:
        session_id, _ = await aio.create_session("first", storage, 60)
        for number in range(LIMIT + 20):
            await aio.create_session(f"user-{number % 3}", storage)
        handle = session_handle(session_id)
        return handle, await look(storage, [f"session:{handle}", f"user:{sha256(b'first').hexdigest()}"])

    handle, found = run(make, work)
    assert LIMIT < len(found) <= 2 * LIMIT
    assert {"session", "user"} == {entry.kind for entry in found[:2] if handle in entry.key + entry.value}


def test_a_storage_that_nobody_knows() -> None:
    """A storage of another kind cannot be read."""
    assert None is asyncio.run(look(object()))


@REDIS.skip
def test_a_prefix_is_looked_behind() -> None:
    """Of a Redis only what stands behind the storage's prefix is shown, and what is no text there does no harm."""

    async def make() -> AsyncRedisStorage:
        return AsyncRedisStorage.from_url(redis_server.fresh_database(), prefix="mine:")

    async def work(storage: AsyncRedisStorage) -> list[Entry] | None:
        await storage.set("session:a", "mine", ttl=100)
        await storage._client.set("session:b", "theirs")
        await storage._client.set(b"mine:session:\xff", b"\xff")
        await storage._client.lpush("mine:session:list", "x")
        return await look(storage)

    assert ["session:a"] == [entry.key for entry in run(make, work)]
