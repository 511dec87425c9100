"""What is asked of every storage on an SQL server that is killed, frozen and restarted; each file takes it in."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, Event
from typing import Any, ClassVar

import pytest

from cross_auth import StorageError, create_session, delete_session, get_session
from tests.budget import KILLS
from tests.servers.proxies import proxy
from tests.storage.processes import assert_one_wins, finish, hammered, start, together

TIMEOUT = 0.5
CALLS: dict[str, Callable[[Any], object]] = {
    "set": lambda storage: storage.set("key", "value", ttl=60),
    "get": lambda storage: storage.get("key"),
    "delete": lambda storage: storage.delete("key"),
    "pop": lambda storage: storage.pop("key"),
    "add": lambda storage: storage.add("index", "member", 60),
    "members": lambda storage: storage.members("index"),
    "discard": lambda storage: storage.discard("index", "member"),
    "purge": lambda storage: storage.purge(),
}
each_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


class OnServer(ABC):
    """A storage on a server that the tests may do anything to."""

    prefix: ClassVar[str]  # of the URL, for tests.storage.worker

    @abstractmethod
    def open(self, url: str, *, timeout: float = TIMEOUT, max_connections: int = 8) -> Any:
        """Return a storage with its table."""

    @abstractmethod
    def end_idle_connections(self, server: Any) -> None:
        """Let the server close what is connected to it."""

    @pytest.fixture
    def storage(self, server: Any) -> Iterator[Any]:
        with self.open(server.url) as opened:
            opened.create_table()
            yield opened

    def where(self, server: Any) -> str:
        return f"{self.prefix}{server.url}"


def use_connections(storage: Any, number: int) -> None:
    """Let a pool open so many connections: that many threads are in a call at the same time."""
    together = Barrier(number)

    def call(_: int) -> None:
        for _ in range(20):
            together.wait()
            storage.get("key")

    with ThreadPoolExecutor(number) as threads:
        list(threads.map(call, range(number)))


class Outages(OnServer):
    """A server that is dead, frozen or out of connections is an error in time, and no more than that."""

    @each_call
    def test_a_frozen_server_is_a_storage_error_within_the_timeout(
        self, server: Any, storage: Any, call: Callable[[Any], object]
    ) -> None:
        """A server that does not answer costs one time-out, and the storage works on once it does."""
        session_id, session = create_session("user", storage)
        server.freeze()
        try:
            begin = time.monotonic()
            with pytest.raises(StorageError):
                call(storage)
            assert time.monotonic() - begin < 2 * TIMEOUT + 0.5
        finally:
            server.thaw()
        call(storage)
        assert session == get_session(session_id, storage)

    @each_call
    def test_a_dead_server_is_a_storage_error_and_the_storage_works_on_after_it(
        self, server: Any, storage: Any, call: Callable[[Any], object]
    ) -> None:
        """While the server is down every call raises in time; after a restart the same object reads what was there."""
        session_id, session = create_session("user", storage)
        use_connections(storage, 4)
        server.kill()
        try:
            begin = time.monotonic()
            with pytest.raises(StorageError) as caught:
                call(storage)
            with pytest.raises(StorageError):
                get_session(session_id, storage)
            assert time.monotonic() - begin < 4 * TIMEOUT + 0.5
        finally:
            server.start()
        assert caught.value.__cause__ is not None
        call(storage)
        assert session == get_session(session_id, storage)

    @each_call
    def test_connections_that_the_server_closed_are_replaced(
        self, server: Any, storage: Any, call: Callable[[Any], object]
    ) -> None:
        """However many were idle, no call fails, a pop neither."""
        storage.set("key", "value")
        use_connections(storage, 4)
        self.end_idle_connections(server)
        time.sleep(0.05)  # until the client's system has heard of it
        call(storage)
        for _ in range(6):
            storage.get("key")

    def test_a_restart_is_not_noticed(self, server: Any, storage: Any) -> None:
        """Connections of before it are replaced, all of them."""
        storage.set("key", "value", ttl=60)
        use_connections(storage, 4)
        server.kill()
        server.start()
        assert ["value"] * 6 == [storage.get("key") for _ in range(6)]

    def test_a_pool_that_is_exhausted_is_a_storage_error(self, server: Any) -> None:
        """A call that gets no connection within the time-out raises, and works once there is one."""
        with self.open(server.url, max_connections=1) as storage, ThreadPoolExecutor(1) as threads:
            storage.create_table()
            with self.holding_the_only_connection(storage):
                begin = time.monotonic()
                with pytest.raises(StorageError, match="Timeout"):
                    threads.submit(storage.get, "nothing").result()
                assert TIMEOUT / 2 < time.monotonic() - begin < TIMEOUT + 0.5
            assert storage.get("nothing") is None

    @abstractmethod
    def holding_the_only_connection(self, storage: Any) -> Any:
        """Return a context manager that takes a connection from the storage's pool."""


class Kills(OnServer):
    def test_a_kill_loses_nothing_that_was_acknowledged(self, server: Any, storage: Any) -> None:
        """Each time the server is killed while four threads write, every create and delete that returned holds."""
        created, deleted, unsure = set[str](), set[str](), set[str]()
        for _ in range(KILLS // 2):
            down, busy = Event(), Event()

            def write(user: int, down: Event = down, busy: Event = busy) -> None:
                with suppress(StorageError):
                    while not down.is_set():
                        session_id, _ = create_session(f"user {user}", storage)
                        created.add(session_id)
                        unsure.add(session_id)
                        delete_session(session_id, storage)
                        deleted.add(session_id)
                        created.add(create_session(f"user {user}", storage)[0])
                        busy.set()

            with ThreadPoolExecutor(4) as threads:
                writers = [threads.submit(write, user) for user in range(4)]
                busy.wait(30)
                time.sleep(0.05)
                server.kill()
                down.set()
            assert [None] * 4 == [writer.result() for writer in writers]
            server.start()
        assert all(get_session(session_id, storage) for session_id in created - unsure)
        assert not any(get_session(session_id, storage) for session_id in deleted)
        assert created > deleted > set()


class Processes(OnServer):
    def test_eight_processes_of_sixteen_threads_share_a_server(self, server: Any, storage: Any) -> None:
        """No call fails, every session that was kept is there, and what a process deleted is gone for all."""
        kept = hammered(self.where(server))
        assert 128 == len({session_id for session_id in kept if get_session(session_id, storage)})

    def test_of_pops_in_eight_processes_one_wins(self, server: Any, storage: Any) -> None:
        """Each of a hundred keys is popped by all processes at once, and got by one."""
        assert_one_wins(storage, self.where(server))

    def test_a_table_is_created_once(self, server: Any, storage: Any) -> None:
        """Eight processes that start together on an empty database all find their table there."""
        self.drop_table(storage)
        assert [["found", "value"]] * 8 == together("create", self.where(server))

    @abstractmethod
    def drop_table(self, storage: Any) -> None:
        """Let the database be as it was before the table."""


class Forks(OnServer):
    def test_a_storage_opened_before_a_fork_serves_parent_and_children(self, server: Any, storage: Any) -> None:
        """Four children of a process that preloads, and the parent, read and write; all see the same sessions."""
        said = finish(start("fork_preloaded", self.where(server)))
        created = [session_id for word, session_id in said if word == "created"]
        (deleted,) = (session_id for word, session_id in said if word == "deleted")
        assert 4 == len([session_id for session_id in created if get_session(session_id, storage)])
        assert get_session(deleted, storage) is None


class Interruptions(OnServer):
    def test_an_interrupted_call_leaves_its_answer_to_nobody(self, server: Any, storage: Any) -> None:
        """An exception that a signal handler raises in the middle of a call ends that call alone."""
        assert [["wrong", "[]"], ["right", "True"]] == finish(start("interrupt_answers", self.where(server)))


class LostAnswers(OnServer):
    def test_a_pop_whose_answer_is_lost_is_not_sent_again(self, server: Any, storage: Any) -> None:
        """The value is gone and the caller is told that something failed: a second pop would find nothing."""
        lost: list[bytes] = []

        def passes(answer: bytes) -> bool:
            if b"precious" in answer and not lost:
                lost.append(answer)
                return False
            return True

        storage.set("key", "precious")
        with (
            proxy(server.port, passes=passes) as port,
            self.open(server.url.replace(str(server.port), str(port))) as through,
        ):
            with pytest.raises(StorageError):
                through.pop("key")
            assert through.get("key") is None
        assert (1, None) == (len(lost), storage.get("key"))
