"""RedisStorage on a Redis Cluster of three masters."""

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Event
from typing import Any

import pytest
import redis.asyncio
import valkey.asyncio
from redis.backoff import NoBackoff
from redis.crc import key_slot
from redis.retry import Retry

from cross_auth import (
    AsyncSecondaryStorage,
    SecondaryStorage,
    StorageError,
    create_session,
    delete_session,
    get_session,
)
from cross_auth.storage import open_storage
from cross_auth.storage.redis import AsyncRedisStorage, RedisStorage
from cross_auth.testing import AsyncStorageContract, StorageContract, session_machine, storage_machine
from cross_auth.testing._laws import law
from tests.servers.ports import wait_until
from tests.servers.redis_cluster import RedisCluster
from tests.servers.redis_server import RedisServer, age, missing
from tests.storages import skip_where

pytestmark = skip_where("Redis Cluster", missing())

_numbers = count()


class Fleet:
    """The cluster of this file, started when it is first needed, and storages on it that share no key."""

    cluster: RedisCluster | None = None
    client: Any = None

    @classmethod
    def get(cls) -> RedisCluster:
        if cls.cluster is None:
            cls.cluster = RedisCluster()
            cls.client = cls.cluster.client(socket_timeout=1, retry=Retry(NoBackoff(), 2))
        return cls.cluster

    @classmethod
    def make_storage(cls) -> RedisStorage:
        cls.get()
        return RedisStorage(cls.client, prefix=f"{next(_numbers)}:")

    @staticmethod
    def reopen_storage(storage: SecondaryStorage) -> RedisStorage:
        assert isinstance(storage, RedisStorage)
        return RedisStorage(Fleet.client, prefix=storage._prefix)

    @staticmethod
    def advance_storage(storage: SecondaryStorage, seconds: float) -> None:
        assert isinstance(storage, RedisStorage)
        age(storage._client, seconds, match=f"{storage._prefix}*")


@pytest.fixture(scope="module", autouse=True)
def _stop() -> Iterator[None]:
    yield
    if Fleet.cluster is not None:
        Fleet.client.close()
        Fleet.cluster.stop()
        Fleet.cluster = None


class TestContractOnCluster(StorageContract):
    """A cluster keeps the contract."""

    def make_storage(self) -> SecondaryStorage:
        return Fleet.make_storage()

    def advance(self, storage: SecondaryStorage, seconds: float) -> None:
        Fleet.advance_storage(storage, seconds)


class TestContractOnAsyncCluster(AsyncStorageContract):
    """A cluster keeps the contract, awaited."""

    async def make_storage(self) -> AsyncSecondaryStorage:
        port = Fleet.get().nodes[0].port
        return AsyncRedisStorage.from_url(f"redis+cluster://127.0.0.1:{port}", prefix=f"awaited {next(_numbers)}:")

    async def advance(self, storage: AsyncSecondaryStorage, seconds: float) -> None:
        assert isinstance(storage, AsyncRedisStorage)
        with Fleet.get().client() as client:
            age(client, seconds, match=f"{storage._prefix}*")


TestStorageMachineOnCluster = storage_machine(
    Fleet.make_storage, advance=Fleet.advance_storage, reopen=Fleet.reopen_storage
)
TestSessionMachineOnCluster = session_machine(
    Fleet.make_storage, advance=Fleet.advance_storage, reopen=Fleet.reopen_storage
)


@law("redis-reads-the-primary")
@pytest.mark.parametrize(
    "options", [{"load_balancing_strategy": redis.cluster.LoadBalancingStrategy.ROUND_ROBIN_REPLICAS}]
)
def test_a_cluster_client_that_reads_from_replicas_is_refused(options: dict[str, Any]) -> None:
    """A strategy that asks replicas may read a session after its logout."""
    with Fleet.get().client(**options) as client, pytest.raises(ValueError, match="primary"):
        RedisStorage(client)


@law("open-storage-by-url")
def test_a_url_opens_a_storage_on_a_cluster() -> None:
    """Any of its nodes is enough to find the others."""
    with open_storage(f"redis+cluster://127.0.0.1:{Fleet.get().nodes[1].port}") as storage:
        ids = [create_session("user", storage)[0] for _ in range(30)]
        assert all(get_session(session_id, storage) for session_id in ids)


@law("redis-serves-bursts")
def test_many_calls_of_one_node_at_a_time_are_all_answered() -> None:
    """Tasks and threads that ask for one key have as many connections to its node as they need."""
    calls = 150
    url = f"redis+cluster://127.0.0.1:{Fleet.get().nodes[0].port}"

    async def ask() -> list[str | None]:
        async with AsyncRedisStorage.from_url(url, timeout=20) as storage:
            return await asyncio.gather(*(storage.get("key") for _ in range(calls)))

    assert [None] * calls == asyncio.run(ask())
    with RedisStorage.from_url(url, timeout=20) as storage, ThreadPoolExecutor(calls) as threads:
        assert [None] * calls == list(threads.map(lambda _: storage.get("key"), range(calls)))


def test_sessions_are_read_while_their_slot_moves() -> None:
    """While every slot with a session moves to another node, readers always see it; pops have one winner each."""
    cluster, storage = Fleet.get(), Fleet.make_storage()
    storage.get("warm")  # so that its map of the slots is older than the move
    ids = [create_session(f"user {number}", storage)[0] for number in range(20)]
    for number in range(20):
        storage.set(f"to pop {number}", "value", ttl=60)
    moved = Event()

    def read() -> int:
        reads = 0
        while not moved.is_set() or reads < 100:
            assert all(get_session(session_id, storage) for session_id in ids)
            reads += 1
        return reads

    with ThreadPoolExecutor(2) as threads:
        readers = [threads.submit(read) for _ in range(2)]
        won = []
        for number, slot in enumerate(_slots_of(cluster, storage._prefix)):
            _move(cluster, slot, to=cluster.nodes[number % 3])
            won += [storage.pop(f"to pop {each}") for each in range(number % 20, 20, 20)]
        moved.set()
        assert all(reader.result() >= 100 for reader in readers)
    left = [storage.pop(f"to pop {number}") for number in range(20)]
    assert 20 == len([value for value in won + left if value == "value"])


@law("storage-index-is-atomic")
def test_sets_are_whole_while_their_slot_moves() -> None:
    """While every slot with a set moves, what is added stays, what is discarded goes, and no reader misses a member."""
    cluster, storage = Fleet.get(), Fleet.make_storage()
    keys = [f"set {number}" for number in range(10)]
    for key in keys:
        storage.add(key, "stays", 600)
    moved = Event()

    def write(name: str) -> int:
        turns = 0
        while not moved.is_set() or turns < 20:
            for key in keys:
                storage.add(key, f"{name} {turns}", 60)
                storage.add(key, name, 60)
                storage.discard(key, name)
                assert "stays" in storage.members(key)
            turns += 1
        return turns

    with ThreadPoolExecutor(2) as threads:
        writers = {name: threads.submit(write, name) for name in ("one", "other")}
        for number, slot in enumerate(_slots_of(cluster, storage._prefix)):
            _move(cluster, slot, to=cluster.nodes[number % 3])
        moved.set()
        added = [f"{name} {turn}" for name, writer in writers.items() for turn in range(writer.result())]
    assert [sorted(["stays", *added])] * 10 == [sorted(storage.members(key)) for key in keys]


@law("storage-index-has-what-was-added")
@pytest.mark.parametrize("make", [redis.RedisCluster, valkey.ValkeyCluster])
def test_a_script_is_sent_to_the_node_of_its_key(make: Callable[..., Any]) -> None:
    """Sets on all nodes are written and read by every client of a cluster."""
    with make(host="127.0.0.1", port=Fleet.get().nodes[0].port) as client:
        storage = RedisStorage(client, prefix=f"{next(_numbers)}:")
        for number in range(30):
            storage.add(f"set {number}", f"member {number}", 60)
            storage.add(f"set {number}", "discarded", 60)
            storage.discard(f"set {number}", "discarded")
        found = [storage.members(f"set {number}") for number in range(30)]
        assert [[f"member {number}"] for number in range(30)] == found


@law("storage-index-has-what-was-added")
@pytest.mark.parametrize("make", [redis.asyncio.RedisCluster, valkey.asyncio.ValkeyCluster])
def test_a_script_is_sent_to_the_node_of_its_key_by_async_clients(make: Callable[..., Any]) -> None:
    """Sets on all nodes are written and read by every async client of a cluster."""

    async def live() -> None:
        async with make(host="127.0.0.1", port=Fleet.get().nodes[0].port) as client:
            storage = AsyncRedisStorage(client, prefix=f"{next(_numbers)}:")
            for number in range(30):
                await storage.add(f"set {number}", f"member {number}", 60)
                await storage.add(f"set {number}", "discarded", 60)
                await storage.discard(f"set {number}", "discarded")
            found = [await storage.members(f"set {number}") for number in range(30)]
            assert [[f"member {number}"] for number in range(30)] == found

    asyncio.run(live())


def _slots_of(cluster: RedisCluster, prefix: str) -> list[int]:
    with cluster.client() as client:
        return sorted({key_slot(key) for key in client.scan_iter(match=f"{prefix}*")})


def _move(cluster: RedisCluster, slot: int, to: RedisServer) -> None:
    """Move a slot as an operator's tool does: importing, migrating, the keys, then the new owner is told to all."""
    source = cluster.owner_of(slot)
    if source is to:
        return
    here, there = source.client(), to.client()
    here_id, there_id = here.cluster("myid"), there.cluster("myid")
    there.execute_command("CLUSTER SETSLOT", slot, "IMPORTING", here_id)
    here.execute_command("CLUSTER SETSLOT", slot, "MIGRATING", there_id)
    time.sleep(0.01)
    while keys := here.execute_command("CLUSTER GETKEYSINSLOT", slot, 100):
        here.execute_command("MIGRATE", "127.0.0.1", to.port, "", 0, 5000, "KEYS", *keys)
    for node in (to, source, *cluster.nodes):
        with node.client() as client:
            client.execute_command("CLUSTER SETSLOT", slot, "NODE", there_id)
    here.close()
    there.close()


@law("redis-outage-is-bounded", "outage-raises", "redis-survives-a-kill")
def test_a_node_that_is_killed_is_an_outage_of_its_slots_alone() -> None:
    """Sessions and sets of the dead node raise, the others are read, and after its restart all are there."""
    cluster, storage = Fleet.get(), Fleet.make_storage()
    keys = [f"set {number}" for number in range(30)]
    for key in keys:
        storage.add(key, "member", 600)
    ids = [create_session("user", storage)[0] for _ in range(30)]
    deleted = ids.pop()
    delete_session(deleted, storage)
    cluster.nodes[2].kill()
    try:
        begin = time.monotonic()
        outcomes = [_outcome(session_id, storage) for session_id in ids]
        assert {"live", "outage"} == set(outcomes)
        assert {"live", "outage"} == {_outcome_of_set(key, storage) for key in keys}
        assert time.monotonic() - begin < 60
    finally:
        cluster.nodes[2].start()
    wait_until(lambda: [_outcome(session_id, storage) for session_id in ids] == ["live"] * 29)
    assert get_session(deleted, storage) is None
    assert [["member"]] * 30 == [storage.members(key) for key in keys]


def _outcome(session_id: str, storage: RedisStorage) -> str:
    try:
        return "live" if get_session(session_id, storage) else "dead"
    except StorageError:
        return "outage"


def _outcome_of_set(key: str, storage: RedisStorage) -> str:
    try:
        storage.add(key, "member", 60)
        return "live" if storage.members(key) else "dead"
    except StorageError:
        return "outage"
