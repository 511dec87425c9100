"""Programs that the tests run as processes of their own: ``python -m tests.storage.worker NAME WHERE``."""

import os
import resource
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import count

from cross_auth import StorageError, create_session, delete_session, get_session
from cross_auth.storage.redis import RedisStorage
from cross_auth.storage.sqlite import SQLiteStorage


def say(*words: object) -> None:
    """Write a line at once: what has been said has happened, whenever the process is killed."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def storage_at(where: str) -> SQLiteStorage | RedisStorage:
    return RedisStorage.from_url(where) if "://" in where else SQLiteStorage(where, timeout=60)


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
    {"write": write, "hammer": hammer, "fork": fork, "fill": fill}[sys.argv[1]](sys.argv[2])
