"""What is true of RedisStorage alone, on a real server that is killed, frozen and restarted."""

import ssl
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event
from typing import Any

import pytest
import redis.asyncio
import redis.cache
import redis.sentinel
import trustme
import valkey

from cross_auth import StorageError, create_session, delete_session, get_session
from cross_auth.storage.redis import RedisStorage
from cross_auth.testing._laws import law
from tests.budget import KILLS
from tests.servers.proxies import ending_tls, proxy
from tests.servers.redis_server import RedisServer
from tests.storage.processes import assert_one_wins, finish, hammered, start
from tests.storages import REDIS

pytestmark = REDIS.skip

CALLS: dict[str, Callable[[RedisStorage], object]] = {
    "set": lambda storage: storage.set("key", "value", ttl=60),
    "get": lambda storage: storage.get("key"),
    "delete": lambda storage: storage.delete("key"),
    "pop": lambda storage: storage.pop("key"),
    "add": lambda storage: storage.add("set", "member", 60),
    "members": lambda storage: storage.members("set"),
    "discard": lambda storage: storage.discard("set", "member"),
}


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    running = RedisServer()
    yield running
    running.stop()


@pytest.fixture
def storage(server: RedisServer) -> Iterator[RedisStorage]:
    with RedisStorage.from_url(server.url, timeout=0.3) as opened:
        yield opened


def counted(server: RedisServer, command: str) -> int:
    """Return how often the server was asked a command."""
    with redis.Redis(port=server.port) as client:
        calls: int = client.info("commandstats").get(f"cmdstat_{command}", {}).get("calls", 0)
    return calls


@law("redis-outage-is-bounded", "outage-raises")
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_frozen_server_is_a_storage_error_within_the_timeout(
    server: RedisServer, storage: RedisStorage, call: Callable[[RedisStorage], object]
) -> None:
    """A server that does not answer costs one time-out and no more, and the storage works on once it does."""
    session_id, session = create_session("user", storage)
    server.freeze()
    try:
        begin = time.monotonic()
        with pytest.raises(StorageError, match="Timeout"):
            call(storage)
        assert time.monotonic() - begin < 1
    finally:
        server.thaw()
    assert session == get_session(session_id, storage)


@law("redis-outage-is-bounded", "outage-raises")
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_dead_server_is_a_storage_error_and_the_storage_works_on_after_it(
    server: RedisServer, storage: RedisStorage, call: Callable[[RedisStorage], object]
) -> None:
    """While the server is down every call raises; after a restart the same object reads what was there."""
    session_id, session = create_session("user", storage)
    server.kill()
    try:
        with pytest.raises(StorageError, match="ConnectionError") as caught:
            call(storage)
        with pytest.raises(StorageError):
            get_session(session_id, storage)
    finally:
        server.start()
    assert isinstance(caught.value.__cause__, redis.ConnectionError)
    call(storage)
    assert session == get_session(session_id, storage)


@law("redis-survives-a-kill")
def test_a_kill_loses_nothing_that_was_acknowledged(server: RedisServer) -> None:
    """Each time the server is killed while four threads write, every create and delete that returned holds."""
    created, deleted, unsure = set[str](), set[str](), set[str]()
    for _ in range(KILLS // 2):
        down = Event()

        def write(user: int, down: Event = down) -> None:
            with RedisStorage.from_url(server.url, retries=0) as storage:
                while not down.is_set():
                    try:
                        session_id, _ = create_session(f"user {user}", storage)
                        created.add(session_id)
                        unsure.add(session_id)
                        delete_session(session_id, storage)
                        deleted.add(session_id)
                        created.add(create_session(f"user {user}", storage)[0])
                    except StorageError:
                        return

        with ThreadPoolExecutor(4) as threads:
            writers = [threads.submit(write, user) for user in range(4)]
            time.sleep(0.05)
            server.kill()
            down.set()
        assert [None] * 4 == [writer.result() for writer in writers]
        server.start()
    with RedisStorage.from_url(server.url) as storage:
        assert all(get_session(session_id, storage) for session_id in created - unsure)
        assert not any(get_session(session_id, storage) for session_id in deleted)
    assert created > deleted > set()


@law("redis-is-safe-for-processes", "storage-is-safe-for-threads")
def test_eight_processes_of_sixteen_threads_share_a_server(server: RedisServer, storage: RedisStorage) -> None:
    """No call fails, every session that was kept is there, and what a process deleted is gone for all."""
    kept = hammered(server.url)
    assert 128 == len({session_id for session_id in kept if get_session(session_id, storage)})


@law("redis-is-safe-for-processes", "storage-pop-has-one-winner")
def test_of_pops_in_eight_processes_one_wins(server: RedisServer, storage: RedisStorage) -> None:
    """Each of a hundred keys is popped by all processes at once, and got by one."""
    assert_one_wins(storage, server.url)


@law("redis-survives-a-fork")
def test_a_storage_opened_before_a_fork_serves_parent_and_children(server: RedisServer, storage: RedisStorage) -> None:
    """Four children of a process that preloads, and the parent, read and write; all see the same sessions."""
    said = finish(start("fork_preloaded", server.url))
    created = [session_id for word, session_id in said if word == "created"]
    (deleted,) = (session_id for word, session_id in said if word == "deleted")
    assert 4 == len([session_id for session_id in created if get_session(session_id, storage)])
    assert get_session(deleted, storage) is None


@law("redis-pop-is-asked-once")
@pytest.mark.parametrize("make", [redis.Redis, valkey.Valkey])
def test_a_pop_whose_answer_is_lost_is_not_sent_again(server: RedisServer, make: Callable[..., Any]) -> None:
    """The value is gone and the caller is told that something failed; a get in the same place is asked again."""
    lost: list[bytes] = []

    def passes(answer: bytes) -> bool:
        if b"precious" in answer and not lost:
            lost.append(answer)
            return False
        return True

    with redis.Redis(port=server.port) as direct, proxy(server.port, passes=passes) as port:
        storage = RedisStorage(make(port=port))
        direct.set("key", "precious")
        before = counted(server, "getdel")
        with pytest.raises(StorageError, match="GETDEL"):
            storage.pop("key")
        assert (before + 1, None) == (counted(server, "getdel"), direct.get("key"))
        assert storage.pop("key") is None
        storage._client.close()


@law("redis-outage-is-bounded", "storage-index-has-what-was-added")
@pytest.mark.parametrize(
    ("make", "lost"), [(redis.Redis, redis.ConnectionError), (valkey.Valkey, valkey.ConnectionError)]
)
def test_an_add_whose_answer_is_lost_is_sent_again(
    server: RedisServer, make: Callable[..., Any], lost: type[Exception]
) -> None:
    """The caller does not notice, and the member is there once."""
    losing = Event()

    def passes(answer: bytes) -> bool:
        passed = not losing.is_set()
        losing.clear()
        return passed

    with proxy(server.port, passes=passes) as port, make(port=port, retry_on_error=[lost]) as client:
        storage = RedisStorage(client)
        storage.discard("lossy", "member")
        before = counted(server, "eval")
        losing.set()
        storage.add("lossy", "member", 60)
        assert before + 2 == counted(server, "eval")
        assert ["member"] == storage.members("lossy")


@law("redis-outage-is-bounded")
def test_a_lost_connection_is_made_anew(server: RedisServer, storage: RedisStorage) -> None:
    """A server that closed the idle connections is asked over new ones, for a pop too."""
    for call in CALLS.values():
        storage.set("key", "value")
        with redis.Redis(port=server.port) as client:
            client.client_kill_filter(_type="normal", skipme=True)
        call(storage)


def a_replica_reader() -> Any:
    sentinel: Any = redis.sentinel.Sentinel
    return sentinel([("127.0.0.1", 1)]).slave_for("name")


REFUSED: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "async": (redis.asyncio.Redis, TypeError, "sync client"),
    "async cluster": (lambda: redis.asyncio.RedisCluster("localhost", 1), TypeError, "sync client"),
    "async valkey": (valkey.asyncio.Valkey, TypeError, "sync client"),
    "text": (lambda: "redis://localhost", TypeError, "not str"),
    "nothing": (lambda: None, TypeError, "not NoneType"),
    "replica": (a_replica_reader, ValueError, "primary"),
    "cache": (lambda: redis.Redis(protocol=3, cache_config=redis.cache.CacheConfig()), ValueError, "cache"),
    "encoding": (lambda: redis.Redis(encoding="latin-1"), ValueError, "utf-8"),
}


@law("redis-reads-the-primary")
@pytest.mark.parametrize(("make", "error", "message"), REFUSED.values(), ids=REFUSED)
def test_a_client_that_cannot_hold_sessions_is_refused(
    make: Callable[[], Any], error: type[Exception], message: str
) -> None:
    """An async client, no client, one that reads from replicas or a cache, and one of another encoding are refused."""
    with pytest.raises(error, match=message):
        RedisStorage(make())


@law("redis-hides-secrets")
@pytest.mark.parametrize("url", ["redis://:sec/ret@localhost", "http://:secret@localhost", "redis://a:secret@h:x"])
def test_a_bad_url_is_refused_without_being_shown(url: str) -> None:
    """The message lists what is wanted and holds no part of the URL, nor does what led to it."""
    with pytest.raises(ValueError, match="should be redis://, rediss://, unix:// or") as caught:
        RedisStorage.from_url(url)
    assert "sec" not in str(caught.value)
    assert (None, None) == (caught.value.__cause__, caught.value.__context__)


@law("redis-hides-secrets", "id-is-never-shown")
def test_no_error_shows_a_password_a_key_or_a_value(server: RedisServer) -> None:
    """A refused password, a value of another type and a command that is not allowed are told without secrets."""
    with redis.Redis(port=server.port) as client:
        client.execute_command("ACL", "SETUSER", "reader", "on", ">secret-word", "~*", "+get")
        client.lpush("secret-key", "secret-value")
    port = server.port
    attempts: list[tuple[str, Callable[[RedisStorage], object]]] = [
        (f"redis://reader:secret-wrong@127.0.0.1:{port}", lambda storage: storage.get("secret-key")),
        (f"redis://reader:secret-word@127.0.0.1:{port}", lambda storage: storage.set("secret-key", "secret-value")),
        (server.url, lambda storage: storage.get("secret-key")),
    ]
    for url, call in attempts:
        with RedisStorage.from_url(url) as storage, pytest.raises(StorageError, match="Redis") as caught:
            call(storage)
        chain = [caught.value, caught.value.__cause__, caught.value.__context__]
        assert "secret" not in " ".join(f"{each} {each!r}" for each in chain)


def test_a_unix_socket_and_a_prefix_serve(server: RedisServer) -> None:
    """Two prefixes on one socket share nothing, and the keys carry them."""
    url = f"unix://{server.socket}"
    with RedisStorage.from_url(url, prefix="a:") as one, RedisStorage.from_url(url, prefix="b:") as other:
        one.set("key", "value")
        assert ("value", None) == (one.get("key"), other.get("key"))
        with redis.Redis(port=server.port) as client:
            assert b"value" == client.get("a:key")


def test_tls_is_spoken_and_verified(server: RedisServer, tmp_path: Any) -> None:
    """A certificate of the authority that is trusted is accepted, and one of any other is an error."""
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    trusted = tmp_path / "trusted.pem"
    authority.cert_pem.write_to_path(str(trusted))
    with proxy(server.port, ending_tls(context)) as port:
        url = f"rediss://127.0.0.1:{port}"
        with RedisStorage.from_url(url, ssl_ca_certs=str(trusted)) as storage:
            session_id, session = create_session("user", storage)
            assert session == get_session(session_id, storage)
        with RedisStorage.from_url(url) as storage, pytest.raises(StorageError, match="ConnectionError"):
            storage.get("key")


def test_who_opens_a_client_closes_it(server: RedisServer) -> None:
    """A client that is passed in stays open, the one of from_url is closed."""
    client = redis.Redis(port=server.port)
    with RedisStorage(client) as storage:
        storage.set("key", "value")
    assert client.connection_pool.get_connection_count()[0][0] == 1
    client.close()
    with RedisStorage.from_url(server.url) as storage:
        storage.set("key", "value")
    assert not any(connection._sock for connection in storage._client.connection_pool._available_connections)


@pytest.mark.parametrize("decode", [True, False])
def test_clients_that_decode_and_clients_that_do_not_serve(server: RedisServer, decode: bool) -> None:
    """Text comes back as it was set, either way."""
    with redis.Redis(port=server.port, decode_responses=decode) as client:
        storage = RedisStorage(client)
        for call in (storage.get, storage.pop):
            storage.set("key", "é\u2028\U0001f36a")
            assert "é\u2028\U0001f36a" == call("key")


def test_the_ttl_is_the_servers(server: RedisServer, storage: RedisStorage) -> None:
    """A session is stored with its lifetime, a key without ttl with none, and a ttl of 0 is refused."""
    _, session = create_session("user", storage, 600)
    storage.set("endless", "value", ttl=60)
    storage.set("endless", "value")
    with redis.Redis(port=server.port) as client:
        assert 590 < client.ttl(f"session:{session.handle}") <= 600
        assert -1 == client.ttl("endless")
    with pytest.raises(ValueError, match="1 or more"):
        storage.set("key", "value", ttl=0)


def test_calls_from_a_partial_outage_do_not_mix_up_answers(server: RedisServer, storage: RedisStorage) -> None:
    """After a time-out the late answer is not taken for the next one's."""
    for name in ("a", "b"):
        storage.set(name, f"value of {name}")
    server.freeze()
    for call in (partial(storage.get, "a"), partial(storage.pop, "a")):
        with pytest.raises(StorageError):
            call()
    server.thaw()
    assert ["value of b"] * 3 == [storage.get("b") for _ in range(3)]
