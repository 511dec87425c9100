"""RedisStorage on a master that a Sentinel watches."""

from collections.abc import Iterator

import pytest
from redis.backoff import NoBackoff
from redis.retry import Retry

from cross_auth import StorageError, create_session, delete_session, get_session
from cross_auth.storage.redis import RedisStorage
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
