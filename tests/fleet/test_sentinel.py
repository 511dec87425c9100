"""RedisStorage on a master that a Sentinel watches."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import redis.asyncio
from redis.backoff import NoBackoff
from redis.retry import Retry

from cross_auth import StorageError, aio, create_session, delete_session, get_session
from cross_auth.storage.redis import AsyncRedisStorage, RedisStorage
from cross_auth.testing._laws import law
from tests.servers.ports import wait_until
from tests.servers.redis_cluster import RedisSentinel
from tests.servers.redis_server import missing
from tests.storages import skip_where

pytestmark = skip_where("Redis Sentinel", missing())


@pytest.fixture
def fleet() -> Iterator[RedisSentinel]:
    running = RedisSentinel()
    yield running
    running.stop()


@law("redis-outage-is-bounded", "outage-raises")
def test_a_failover_is_an_outage_and_then_the_new_master_is_asked(fleet: RedisSentinel) -> None:
    """What the replica had is there after the failover, a logout stays one, and one object serves all along."""
    client = fleet.client(socket_timeout=1, retry=Retry(NoBackoff(), 1))
    storage = RedisStorage(client)
    kept, session = create_session("user", storage)
    ended, _ = create_session("user", storage)
    delete_session(ended, storage)
    with fleet.master.client() as master:
        assert 1 == master.wait(1, 5000)
    fleet.master.kill()
    with pytest.raises(StorageError):
        get_session(kept, storage)

    def served() -> bool:
        return get_session(kept, storage) == session

    wait_until(served)
    assert get_session(ended, storage) is None
    new, _ = create_session("user", storage)
    with fleet.replica.client() as promoted:
        assert "master" == promoted.info("replication")["role"]
    assert get_session(new, storage) is not None
    fleet.master.start()
    client.close()


@law("redis-outage-is-bounded", "outage-raises")
def test_a_set_is_after_a_failover_what_it_was(fleet: RedisSentinel) -> None:
    """The replica has each member with its score, and each expiry, and the new master takes members."""
    client = fleet.client(socket_timeout=1, retry=Retry(NoBackoff(), 1))
    storage = RedisStorage(client)
    for number in range(10):
        storage.add("key", f"member {number}", 600 + number)
    storage.discard("key", "member 9")
    with fleet.master.client() as master:
        assert 1 == master.wait(1, 5000)
        before = (master.zrange("key", 0, -1, withscores=True), master.pexpiretime("key"))
    fleet.master.kill()
    with pytest.raises(StorageError):
        storage.members("key")
    with fleet.replica.client() as replica:
        assert before == (replica.zrange("key", 0, -1, withscores=True), replica.pexpiretime("key"))

    def served() -> bool:
        storage.add("key", "new", 60)
        return True

    wait_until(served)
    assert sorted(["new", *(f"member {number}" for number in range(9))]) == sorted(storage.members("key"))
    fleet.master.start()
    client.close()


@law("redis-outage-is-bounded", "outage-raises")
def test_an_async_client_of_a_sentinel_finds_the_new_master(fleet: RedisSentinel) -> None:
    """The awaited functions raise while there is none, and one object serves all along; a replica is refused."""

    async def live() -> None:
        make: Any = redis.asyncio.Sentinel  # it is not typed
        sentinel = make([("127.0.0.1", fleet.watcher.port)], socket_timeout=1)
        with pytest.raises(ValueError, match="primary"):
            AsyncRedisStorage(sentinel.slave_for("sessions"))
        client = sentinel.master_for("sessions", socket_timeout=1)
        storage = AsyncRedisStorage(client)
        kept, session = await aio.create_session("user", storage)
        ended, _ = await aio.create_session("user", storage)
        await aio.delete_session(ended, storage)
        with fleet.master.client() as master:
            assert 1 == master.wait(1, 5000)
        fleet.master.kill()
        outages = 0
        for _ in range(200):
            try:
                found = await aio.get_session(kept, storage)
            except StorageError:
                outages += 1
                await asyncio.sleep(0.1)
            else:
                break
        assert outages > 0
        assert (session, None) == (found, await aio.get_session(ended, storage))
        for each in (client, *sentinel.sentinels):
            await each.aclose()

    asyncio.run(live())
    fleet.master.start()
