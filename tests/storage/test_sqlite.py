"""What is true of SQLiteStorage alone."""

import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count, pairwise
from pathlib import Path
from random import Random
from shutil import copy
from threading import Thread
from time import monotonic
from typing import Any, Literal

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from pydantic import ValidationError

from cross_auth import StorageError, create_session, delete_session, get_session
from cross_auth.storage.sqlite import SQLiteStorage
from cross_auth.testing import FakeClock
from cross_auth.testing._clock import close
from cross_auth.testing._laws import law
from cross_auth.testing._machine import Subject
from cross_auth.testing._user_machine import SessionMachine
from tests.budget import KILLS
from tests.storage.processes import assert_one_wins, finish, hammered, start


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sessions.db"


def rows(path: Path) -> int:
    with sqlite3.connect(path) as connection:
        number: int = connection.execute("SELECT count(*) FROM cross_auth_storage").fetchone()[0]
    connection.close()
    return number


@law("sqlite-drains")
def test_expired_rows_go_as_others_are_written(path: Path, clock: FakeClock) -> None:
    """Half as many writes as there are dead rows removes them all, 192 at most in one of them."""
    with SQLiteStorage(path, synchronous="NORMAL") as storage:
        for number in range(1000):
            storage.set(f"dead {number}", "value", ttl=60)
        clock.advance(60)
        left = [rows(path)]
        for number in range(500):
            storage.set(f"live {number}", "value", ttl=60)
            left.append(rows(path))
    assert (1000, 500) == (left[0], left[-1])
    assert max(before - after for before, after in pairwise(left)) < 192


@law("sqlite-survives-a-kill")
def test_a_kill_loses_nothing_that_was_acknowledged(path: Path) -> None:
    """After each kill -9 the file opens and holds every create and delete that had returned."""
    random = Random(0)
    created, deleted, unsure = set[str](), set[str](), set[str]()
    for _ in range(KILLS):
        process = start("write", path)
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(random.randint(1, 60))]
        process.kill()
        lines += process.stdout.readlines()  # communicate() would pass over what is buffered
        process.communicate()
        said = [line.decode().split() for line in lines if line.endswith(b"\n")]
        created |= {session_id for word, session_id in said if word == "created"}
        deleted |= {session_id for word, session_id in said if word == "deleted"}
        unsure |= {session_id for word, session_id in said if word == "deleting"} - deleted
        with SQLiteStorage(path) as storage:
            assert all(get_session(session_id, storage) for session_id in created - deleted - unsure)
            assert not any(get_session(session_id, storage) for session_id in deleted)
    assert created > deleted > set()
    copies = (
        path.with_name(f"copy {number}.db") for number in count()
    )  # for the machine, whose users are new each time
    subject = Subject(lambda: SQLiteStorage(copy(path, next(copies))), None, None, False)
    machine = type("AfterKills", (SessionMachine,), {"subject": subject})
    run_state_machine_as_test(machine, settings=settings(max_examples=10, deadline=None))


@law("sqlite-is-safe-for-processes", "storage-is-safe-for-threads")
def test_eight_processes_of_sixteen_threads_share_a_file(path: Path) -> None:
    """All open the new file at the same moment; no call fails and every session that was kept is there."""
    kept = hammered(path)
    with SQLiteStorage(path) as storage:
        assert 128 == len({session_id for session_id in kept if get_session(session_id, storage)})
    assert 128 == rows(path)


@law("sqlite-is-safe-for-processes", "storage-pop-has-one-winner")
def test_of_pops_in_eight_processes_one_wins(path: Path) -> None:
    """Each of a hundred keys is popped by all processes at once, and got by one."""
    with SQLiteStorage(path, synchronous="NORMAL") as storage:
        assert_one_wins(storage, path)


@law("sqlite-survives-a-fork")
def test_a_storage_opened_before_a_fork_serves_parent_and_children(path: Path) -> None:
    """Four children forked from a busy process, and the parent, read and write; all see the same sessions."""
    said = finish(start("fork", path))
    created = [session_id for word, session_id in said if word == "created"]
    (deleted,) = (session_id for word, session_id in said if word == "deleted")
    with SQLiteStorage(path) as storage:
        assert 4 == len([session_id for session_id in created if get_session(session_id, storage)])
        assert get_session(deleted, storage) is None


@law("sqlite-survives-a-fork")
def test_no_child_hangs_whatever_other_threads_do_at_the_fork(path: Path) -> None:
    """A hundred children work while threads of the parent come, go, and open and close storages."""
    assert [["child", "0"]] * 100 == finish(start("fork_amid", path))


@law("sqlite-is-safe-for-threads")
def test_an_exception_from_a_signal_handler_leaves_nothing_locked(path: Path) -> None:
    """After many interrupted calls the thread, another thread and another storage go on as if nothing had been."""
    (_, interruptions), then = finish(start("interrupt", path))
    assert int(interruptions) > 100
    assert ["then", "from another thread"] == then


@law("sqlite-answers-each-call")
def test_a_signal_handler_that_calls_in_the_midst_of_a_call_changes_no_answer(path: Path) -> None:
    """Five hundred calls from a handler, between the others of its thread, leave every answer that of its call."""
    assert [["wrong", "0"]] == finish(start("ask_in_a_handler", path))


@law("sqlite-trouble-names-the-file", "id-is-never-shown")
def test_a_stored_value_is_in_no_error(path: Path) -> None:
    """A value that is no text is an error whose whole chain is without it."""
    with SQLiteStorage(path) as storage:
        storage.set("key", "value")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("UPDATE cross_auth_storage SET value = CAST(x'736563726574ff' AS TEXT)")
        other.close()
        with pytest.raises(StorageError, match=r"sessions\.db: a value is not text") as caught:
            storage.get("key")
    assert (None, None) == (caught.value.__cause__, caught.value.__context__)


@law("sqlite-trouble-names-the-file")
def test_a_file_that_cannot_get_its_log_is_an_error_within_the_timeout(path: Path) -> None:
    """A reader that keeps a file in another journal mode makes opening fail after the time-out, not much later."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("CREATE TABLE other (name)")
    other.execute("BEGIN")
    other.execute("SELECT * FROM other").fetchall()
    begin = monotonic()
    with pytest.raises(StorageError, match="locked"):
        SQLiteStorage(path, timeout=0.3)
    assert monotonic() - begin < 3
    other.close()


@law("sqlite-leaves-nothing-open")
def test_a_thread_that_ends_leaves_no_connection_open(path: Path) -> None:
    """After 16 threads have used the storage it holds as many connections as before."""
    with SQLiteStorage(path) as storage:
        storage.set("key", "value")
        before = len(storage._connections._all)
        with ThreadPoolExecutor(16) as threads:
            assert ["value"] * 64 == list(threads.map(storage.get, ["key"] * 64))
        assert before == len(storage._connections._all)


@law("sqlite-leaves-nothing-open")
def test_close_closes_the_connections_of_every_thread(path: Path) -> None:
    """After close() no file is open, in a thread that lives on too, and every call is a StorageError."""
    storage = SQLiteStorage(path)
    with ThreadPoolExecutor(1) as threads:
        threads.submit(storage.set, "key", "value").result()
        storage.close()
        storage.close()
        with pytest.raises(StorageError, match="closed"):
            threads.submit(storage.get, "key").result()
    for call in (partial(storage.set, "key", "value"), partial(storage.delete, "key"), partial(storage.pop, "key")):
        with pytest.raises(StorageError, match="closed"):
            call()
    folder = Path("/proc/self/fd")
    if folder.exists():
        assert not [each for each in folder.iterdir() if each.is_symlink() and str(path) in str(each.readlink())]


@law("sqlite-trouble-names-the-file")
@pytest.mark.parametrize("name", ["missing/sessions.db", ".", "/proc/sessions.db", "/dev/null/sessions.db"])
def test_a_path_that_cannot_be_opened_is_a_storage_error(tmp_path: Path, name: str) -> None:
    """A missing folder, a folder and a place that takes no files are errors that name the path."""
    with pytest.raises(StorageError) as caught:
        SQLiteStorage(tmp_path / name)
    assert str(tmp_path / name) in str(caught.value)
    assert isinstance(caught.value.__cause__, OSError | sqlite3.Error)


@law("sqlite-trouble-names-the-file")
def test_a_file_that_is_no_database_is_a_storage_error_and_is_left_as_it_is(path: Path) -> None:
    """Another file at the path is refused, and not written."""
    path.write_text("a letter to grandmother\n" * 100)
    with pytest.raises(StorageError, match=r"sessions\.db: file is not a database") as caught:
        SQLiteStorage(path)
    assert isinstance(caught.value.__cause__, sqlite3.DatabaseError)
    assert "a letter to grandmother\n" * 100 == path.read_text()


@law("sqlite-trouble-names-the-file", "outage-raises")
def test_a_file_that_became_corrupt_is_a_storage_error(path: Path) -> None:
    """A damaged page makes get raise; it is never an unknown session."""
    with SQLiteStorage(path) as storage:
        session_id, _ = create_session("user", storage)
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (path.stat().st_size - 4096))
    with SQLiteStorage(path) as storage, pytest.raises(StorageError, match=r"sessions\.db"):
        get_session(session_id, storage)


@law("sqlite-trouble-names-the-file", "outage-raises")
def test_a_file_that_was_removed_is_an_outage_and_not_an_empty_storage(path: Path) -> None:
    """A thread that first needs the storage after the file was removed gets an error, and no new file is made."""
    with SQLiteStorage(path) as storage:
        session_id, _ = create_session("user", storage)
        path.unlink()
        with ThreadPoolExecutor(1) as threads, pytest.raises(StorageError, match=r"sessions\.db"):
            threads.submit(get_session, session_id, storage).result()
        assert not path.exists()


@law("sqlite-trouble-names-the-file")
def test_a_full_disk_is_a_storage_error_and_nothing_is_lost(path: Path) -> None:
    """Without room a write raises, what was there is still read, and with room again the storage works on."""
    said = finish(start("fill", path))
    assert ["full", "again"] == [word for word, _ in said]
    assert str(path) in said[0][1]
    assert "x" * 1000 not in said[0][1]


@law("sqlite-trouble-names-the-file")
def test_a_file_that_stays_locked_is_a_storage_error_within_the_timeout(path: Path) -> None:
    """A writer that holds the file makes a write raise after the time-out, and reads go on."""
    with SQLiteStorage(path, timeout=0.05) as storage:
        storage.set("key", "value")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        for call in (partial(storage.set, "key", "new"), partial(storage.delete, "key"), partial(storage.pop, "key")):
            with pytest.raises(StorageError, match="locked"):
                call()
        assert "value" == storage.get("key")
        other.close()
        storage.set("key", "new")
        assert "new" == storage.get("key")


@law("sqlite-waits-for-the-disk")
def test_a_file_system_without_a_write_ahead_log_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where SQLite cannot share memory between processes, opening is an error and not a weaker promise."""
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda name, **options: connect(f"{name}&vfs=unix-dotfile", **options))
    with pytest.raises(StorageError, match="no write-ahead log"):
        SQLiteStorage(path)


@law("sqlite-waits-for-the-disk")
@pytest.mark.parametrize(("synchronous", "level"), [("FULL", 2), ("NORMAL", 1)])
def test_every_connection_is_as_durable_as_was_asked_for(
    path: Path, synchronous: Literal["FULL", "NORMAL"], level: int
) -> None:
    """The log is on, and each thread's connection has the level; FULL is the default."""
    with SQLiteStorage(path, synchronous=synchronous) as storage:

        def pragmas() -> list[Any]:
            return [storage._connections.read(f"PRAGMA {name}", ())[0] for name in ("journal_mode", "synchronous")]

        with ThreadPoolExecutor(1) as threads:
            found = threads.submit(pragmas).result()
        assert ["wal", level] == pragmas() == found


@law("sqlite-waits-for-the-disk")
def test_a_storage_waits_for_the_disk_by_default(path: Path) -> None:
    """Without an option every write is synced."""
    with SQLiteStorage(path) as storage:
        assert 2 == storage._connections.read("PRAGMA synchronous", ())[0]


@law("sqlite-waits-for-the-disk")
def test_only_the_owner_may_read_a_new_file(path: Path) -> None:
    """The file and its log have mode 0600; a file that was there keeps its mode."""
    with SQLiteStorage(path) as storage:
        storage.set("key", "value")
        assert {0o600} == {stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
    path.chmod(0o640)
    SQLiteStorage(path).close()
    assert 0o640 == stat.S_IMODE(path.stat().st_mode)


@law("sqlite-trouble-names-the-file")
@pytest.mark.parametrize(
    ("arguments", "parameter"),
    [({"path": path}, "path") for path in (":memory:", "", 7, None, b"sessions.db", "a\0b", "\ud800")]
    + [({"path": "a", "synchronous": value}, "synchronous") for value in ("full", "OFF", 2)]
    + [({"path": "a", "timeout": value}, "timeout") for value in (-1.0, "10", None, float("nan"), float("inf"))],
)
def test_a_wrong_argument_is_refused_by_name(arguments: dict[str, Any], parameter: str) -> None:
    """Each wrong argument is named, and no file is made."""
    with pytest.raises(ValidationError) as caught:
        SQLiteStorage(**arguments)
    assert [(parameter,)] == [error["loc"] for error in caught.value.errors()]
    assert not Path("a").exists()


def test_the_folder_of_the_process_may_change(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative path means the folder that the storage was made in, for every thread."""
    monkeypatch.chdir(path.parent)
    with SQLiteStorage(path.name) as storage:
        storage.set("key", "value")
        monkeypatch.chdir("/")
        with ThreadPoolExecutor(1) as threads:
            assert "value" == threads.submit(storage.get, "key").result()


def test_an_odd_file_name_is_a_file_name(tmp_path: Path) -> None:
    """Characters that mean something in a URI stand for themselves."""
    path = tmp_path / "a?mode=memory&b#c%20d é.db"
    with SQLiteStorage(path) as storage:
        storage.set("key", "value")
    assert [path] == list(tmp_path.iterdir())


def test_sessions_survive_a_restart(path: Path) -> None:
    """What one storage wrote another reads after the first was closed, deletions too."""
    with SQLiteStorage(path) as storage:
        kept, session = create_session("user", storage)
        ended, _ = create_session("user", storage)
        delete_session(ended, storage)
    with SQLiteStorage(path) as storage:
        assert (session, None) == (get_session(kept, storage), get_session(ended, storage))


def test_the_log_is_kept_while_threads_come_and_go(path: Path) -> None:
    """A server that starts a thread for each request does not write the log back at the end of each."""
    storage = SQLiteStorage(path)
    for number in range(3):
        thread = Thread(target=storage.set, args=(str(number), "value"))
        thread.start()
        thread.join()
        assert path.with_name("sessions.db-wal").stat().st_size > 0
    close(storage)
    assert [path] == list(path.parent.iterdir())


@law("sqlite-is-safe-for-processes")
def test_a_second_storage_does_not_drop_the_locks_of_the_first(path: Path) -> None:
    """While two storages of a process share a file, no other process can take it out of its journal mode.

    POSIX drops all locks of a process on a file when any one of its descriptors is closed.
    """
    with SQLiteStorage(path) as first, SQLiteStorage(path) as second:
        code = (
            "import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).execute('PRAGMA journal_mode=DELETE').fetchone())"
        )
        done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=False)
        assert "database is locked" in done.stderr
        first.set("key", "value")
        assert "value" == second.get("key")
