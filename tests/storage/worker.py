"""Programs that the tests run as processes of their own: ``python -m tests.storage.worker NAME WHERE``."""

import os
import resource
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from itertools import count
from random import Random
from threading import Event, Thread
from typing import Any

from psycopg_pool import ConnectionPool

from cross_auth import StorageError, create_session, delete_session, get_session
from cross_auth.storage import ClosableStorage, open_storage
from cross_auth.storage.postgres import PostgresStorage
from cross_auth.storage.sqlalchemy import SQLAlchemyStorage
from cross_auth.storage.sqlite import SQLiteStorage


def say(*words: object) -> None:
    """Write a line at once: what has been said has happened, whenever the process is killed."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def storage_at(where: str) -> ClosableStorage:
    if where.startswith("sqlalchemy:"):
        storage = SQLAlchemyStorage.from_url(where.removeprefix("sqlalchemy:"), timeout=30)
        storage.create_table()
        return storage
    return open_storage(where) if "://" in where else SQLiteStorage(where, timeout=60)


def write(where: str) -> None:
    """Create sessions and delete every second one, and say so, until killed or until the storage fails."""
    storage = storage_at(where)
    for number in count():
        session_id, _ = create_session(f"user {number}", storage)
        say("created", session_id)
        if number % 2:
            say("deleting", session_id)
            delete_session(session_id, storage)
            say("deleted", session_id)


def hammer(where: str) -> None:
    """Let 16 threads create, read and delete, starting with all the other processes; say what is left alive."""
    say("ready")
    sys.stdin.readline()
    storage = storage_at(where)

    def work(thread: int) -> str:
        kept, _ = create_session(f"kept by {thread}", storage)
        for turn in range(3):
            user_id = f"{os.getpid()} {thread} {turn}"
            session_id, session = create_session(user_id, storage)
            assert get_session(session_id, storage) == session
            delete_session(session_id, storage)
            assert get_session(session_id, storage) is None
        return kept

    with ThreadPoolExecutor(16) as threads:
        for session_id in threads.map(work, range(16)):
            say("kept", session_id)


def pop(where: str) -> None:
    """Pop a hundred keys, starting with all the other processes; say what was won."""
    storage = storage_at(where)
    say("ready")
    sys.stdin.readline()
    for number in range(100):
        if (value := storage.pop(f"to pop {number}")) is not None:
            say("won", value)


def create(where: str) -> None:
    """Open a storage, starting with all the other processes, and use it."""
    say("ready")
    sys.stdin.readline()
    storage = storage_at(where)
    storage.set("key", "value")
    say("found", storage.get("key"))


def fork(where: str) -> None:
    """Fork four children from a busy process; parent and children use the storage that was opened before."""
    storage = storage_at(where)
    shared, session = create_session("shared", storage)
    with ThreadPoolExecutor(4) as threads:
        busy = [threads.submit(lambda: [create_session("busy", storage) for _ in range(20)]) for _ in range(4)]
        children = [os.fork() for _ in range(1)]
        while children[-1] and len(children) < 4:
            children.append(os.fork())
        if not children[-1]:
            assert get_session(shared, storage) == session
            mine, _ = create_session("child", storage)
            say("created", mine)
            os._exit(0)
        assert [0] * 4 == [os.waitpid(child, 0)[1] for child in children]
        assert 80 == sum(len(each.result()) for each in busy)
    assert get_session(shared, storage) == session
    delete_session(shared, storage)
    say("deleted", shared)


def fork_preloaded(where: str) -> None:
    """Fork four children as a server that preloads does, with the storage used and no other thread in a call."""
    storage = storage_at(where)
    shared, session = create_session("shared", storage)
    children: list[int] = []
    while len(children) < 4:
        child = os.fork()
        if not child:
            signal.alarm(20)  # ends a child that hangs
            assert get_session(shared, storage) == session
            say("created", create_session("child", storage)[0])
            os._exit(0)
        children.append(child)
    assert get_session(shared, storage) == session
    assert [0] * 4 == [os.waitpid(child, 0)[1] for child in children]
    delete_session(shared, storage)
    say("deleted", shared)


def fork_borrowed(url: str) -> None:
    """Fork while a pool that is the caller's is open; say what the child and the parent find."""
    with ConnectionPool[Any](url, min_size=1, open=False) as pool:
        storage = PostgresStorage(pool)
        storage.set("key", "value")
        child = os.fork()
        if not child:
            signal.alarm(20)  # ends a child that hangs
            try:
                storage.get("key")
            except StorageError as error:
                say("child", type(error).__name__)
            os._exit(0)
        os.waitpid(child, 0)
        say("parent", storage.get("key"))


def fork_amid(path: str) -> None:
    """Fork again and again while other threads come, go, and open and close storages; every child works."""
    storage = SQLiteStorage(path, synchronous="NORMAL")
    session_id, session = create_session("user", storage)
    done = Event()

    def come_and_go() -> None:
        while not done.is_set():
            threads = [Thread(target=storage.get, args=("key",)) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

    def open_and_close(other: str) -> None:
        while not done.is_set():
            with SQLiteStorage(other, synchronous="NORMAL") as opened:
                opened.get("key")

    with ThreadPoolExecutor(3) as threads:
        busy = [
            threads.submit(come_and_go),
            threads.submit(open_and_close, path),
            threads.submit(open_and_close, f"{path}2"),
        ]
        for _ in range(100):
            child = os.fork()
            if not child:
                signal.alarm(20)  # ends a child that hangs
                assert get_session(session_id, storage) == session
                storage.set("key", "value", ttl=5)
                with SQLiteStorage(path) as opened:
                    assert opened.get("key") == "value"
                os._exit(0)
            say("child", os.waitpid(child, 0)[1])
        done.set()
        for each in busy:
            each.result()


def interrupt(path: str) -> None:
    """Raise from a signal handler in the middle of calls; afterwards this thread and another one still work."""

    class InterruptedCallError(Exception):
        pass

    def handle(number: int, frame: object) -> None:
        raise InterruptedCallError

    random = Random(0)
    storage = SQLiteStorage(path, synchronous="NORMAL", timeout=2)
    other = SQLiteStorage(path, synchronous="NORMAL", timeout=2)
    calls: list[Callable[[], object]] = [
        partial(storage.set, "key", "value", ttl=5),
        partial(storage.get, "key"),
        partial(storage.pop, "key"),
    ]
    signal.signal(signal.SIGALRM, handle)
    interruptions = 0
    for _ in range(1500):
        with suppress(InterruptedCallError):
            signal.setitimer(signal.ITIMER_REAL, random.uniform(1e-6, 3e-4))
            try:
                for _ in range(30):
                    random.choice(calls)()
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
            interruptions -= 1
        interruptions += 1
        other.set("other", "value")
        storage.pop("nothing")
    with ThreadPoolExecutor(1) as threads:
        threads.submit(storage.set, "key", "from another thread").result()
    say("interrupted", interruptions)
    say("then", storage.get("key"))
    storage.close()


def interrupt_answers(where: str) -> None:
    """Raise from a signal handler in the middle of calls, and say which answers were not those of their call."""

    class InterruptedCallError(Exception):
        pass

    def handle(number: int, frame: object) -> None:
        raise InterruptedCallError

    def read(number: int) -> None:
        value = storage.get(f"key {number}")
        (right if value == f"value {number}" else wrong).append(value)

    right: list[str | None] = []
    wrong: list[str | None] = []
    random = Random(0)
    storage = storage_at(where)
    for number in range(16):
        storage.set(f"key {number}", f"value {number}")
    signal.signal(signal.SIGALRM, handle)
    interrupted = 0
    for _ in range(60):
        try:
            signal.setitimer(signal.ITIMER_REAL, random.uniform(1e-5, 3e-3))
            for _ in range(100):
                read(random.randrange(16))
        except Exception:  # noqa: BLE001  what a client makes of it where it was interrupted itself
            interrupted += 1
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        for number in range(16):
            with suppress(StorageError):  # a client may lose connections, where it was interrupted itself
                read(number)
    say("wrong", wrong)
    say("right", len(right) > 500 and interrupted > 30)


def ask_in_a_handler(path: str) -> None:
    """Call from a signal handler in the middle of calls, and say how many answers were not those of their call."""
    storage = SQLiteStorage(path, synchronous="NORMAL")
    for key in ("asked", "asked meanwhile"):
        storage.set(key, key)
    wrong: list[str] = []
    handled = 0

    def handle(number: int, frame: object) -> None:
        nonlocal handled
        handled += 1
        read("asked meanwhile")

    def read(key: str) -> None:
        if storage.get(key) != key:
            wrong.append(key)

    signal.signal(signal.SIGALRM, handle)
    signal.setitimer(signal.ITIMER_REAL, 2e-4, 2e-4)
    while handled < 500:
        read("asked")
    signal.setitimer(signal.ITIMER_REAL, 0)
    say("wrong", len(wrong))


def fill(path: str) -> None:
    """Run into the end of the room that files may take, then get more room."""
    storage = SQLiteStorage(path)
    kept, session = create_session("kept", storage)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (256 * 1024, hard))
    try:
        for number in range(100_000):
            storage.set(f"key {number}", "x" * 1000, ttl=60)
    except StorageError as error:
        say("full", error)
    assert get_session(kept, storage) == session
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    storage.set("key", "value", ttl=60)
    say("again", storage.get("key"))


if __name__ == "__main__":
    program: Callable[[str], None] = globals()[sys.argv[1]]
    program(sys.argv[2])
