"""Sets in Redis on a server that is full, refuses, is killed or does not answer."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
import redis

from cross_auth import StorageError
from cross_auth.storage.redis import AsyncRedisStorage, RedisStorage
from cross_auth.testing._laws import law
from tests.servers.redis_server import RedisServer
from tests.storages import REDIS

pytestmark = REDIS.skip

CALLS: dict[str, Callable[[Any], Any]] = {
    "add": lambda storage: storage.add("secret-key", "secret-member", 60),
    "members": lambda storage: storage.members("secret-key"),
    "discard": lambda storage: storage.discard("secret-key", "secret-member"),
}
each_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    running = RedisServer()
    yield running
    running.stop()


@pytest.fixture
def client(server: RedisServer) -> Iterator[Any]:
    with server.client() as opened:
        opened.flushdb()
        yield opened


@pytest.fixture
def storage(client: Any) -> RedisStorage:
    return RedisStorage(client)


def told(error: BaseException | None) -> str:
    """Return all that an error shows, down its chain."""
    return f"{error} {error!r} {told(error.__cause__ or error.__context__)}" if error else ""


@law("redis-hides-secrets", "id-is-never-shown")
@each_call
def test_a_value_that_is_used_as_a_set_is_a_storage_error(
    storage: RedisStorage, call: Callable[[RedisStorage], object]
) -> None:
    """The error says what is wrong, shows neither key nor member, and the value is as it was."""
    storage.set("secret-key", "secret-value")
    with pytest.raises(StorageError, match="WRONGTYPE") as caught:
        call(storage)
    assert isinstance(caught.value.__cause__, redis.ResponseError)
    assert "secret" not in told(caught.value)
    assert "secret-value" == storage.get("secret-key")


@law("redis-hides-secrets", "id-is-never-shown")
@pytest.mark.parametrize("name", ["get", "pop"])
def test_a_set_that_is_used_as_a_value_is_a_storage_error(storage: RedisStorage, name: str) -> None:
    """The error says what is wrong, shows neither key nor member, and the set is as it was."""
    storage.add("secret-key", "secret-member", 60)
    with pytest.raises(StorageError, match="WRONGTYPE") as caught:
        getattr(storage, name)("secret-key")
    assert "secret" not in told(caught.value)
    assert ["secret-member"] == storage.members("secret-key")


@law("redis-hides-secrets", "id-is-never-shown")
@pytest.mark.parametrize("denied", ["eval", "zadd"])
def test_a_user_that_may_run_no_script_is_told_so(server: RedisServer, client: Any, denied: str) -> None:
    """Whether it is EVAL or what the script calls that is denied, the error says so and nothing was added."""
    client.execute_command("ACL", "SETUSER", "limited", "on", ">secret-word", "~*", "+@all", f"-{denied}")
    url = f"redis://limited:secret-word@127.0.0.1:{server.port}"
    said = "Redis EVAL: .*(no permissions to run|can't run)"
    with RedisStorage.from_url(url) as storage, pytest.raises(StorageError, match=said) as caught:
        CALLS["add"](storage)
    client.execute_command("ACL", "DELUSER", "limited")
    assert "secret" not in told(caught.value)
    assert 0 == client.dbsize()


@law("outage-raises")
def test_a_full_server_takes_no_member_and_still_gives_and_drops_them(client: Any, storage: RedisStorage) -> None:
    """Under noeviction an add raises, of a set with dead members too, and changes nothing."""
    storage.add("key", "member", 60)
    client.zadd("key", {"dead": 1})
    client.config_set("maxmemory", 1)
    try:
        with pytest.raises(StorageError, match=r"OutOfMemory|OOM"):
            storage.add("key", "another one", 60)
        assert ["dead", "member"] == client.zrange("key", 0, -1)
        assert ["member"] == storage.members("key")
        storage.discard("key", "member")
        assert [] == storage.members("key")
    finally:
        client.config_set("maxmemory", 0)


@law("redis-survives-a-kill")
def test_a_kill_loses_no_member_that_was_acknowledged(server: RedisServer, storage: RedisStorage) -> None:
    """After a restart the set is what it was, to the millisecond: what a script did is written, not the script."""
    for number in range(20):
        storage.add("key", f"member {number}", 60 + number)
    storage.discard("key", "member 7")
    with server.client() as client:
        before = (client.zrange("key", 0, -1, withscores=True), client.pexpiretime("key"))
    server.kill()
    server.start()
    with server.client() as client:
        assert before == (client.zrange("key", 0, -1, withscores=True), client.pexpiretime("key"))


@law("redis-outage-is-bounded", "outage-raises")
def test_an_async_call_to_a_server_that_is_frozen_or_dead_is_a_storage_error(server: RedisServer) -> None:
    """Each call raises in time, and once the server is back each is done."""

    async def outcomes(storage: AsyncRedisStorage) -> list[type]:
        calls: list[Awaitable[object]] = [call(storage) for call in CALLS.values()]
        begin = time.monotonic()
        found = await asyncio.gather(*calls, return_exceptions=True)
        assert time.monotonic() - begin < 1
        return [type(each) for each in found]

    async def live() -> None:
        async with AsyncRedisStorage.from_url(server.url, timeout=0.3) as storage:
            server.freeze()
            try:
                assert [StorageError] * 3 == await outcomes(storage)
            finally:
                server.thaw()
            server.kill()
            try:
                assert [StorageError] * 3 == await outcomes(storage)
            finally:
                server.start()
            for name in ("kept", "discarded"):
                await storage.add("afterwards", name, 60)
            await storage.discard("afterwards", "discarded")
            assert ["kept"] == await storage.members("afterwards")

    asyncio.run(live())
