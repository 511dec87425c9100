"""What is true of the sets of SQLiteStorage alone."""

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from itertools import pairwise
from pathlib import Path
from textwrap import dedent

import pytest

from cross_auth import StorageError
from cross_auth.storage import _sqlite_statements as statements
from cross_auth.storage.sqlite import SQLiteStorage
from cross_auth.testing import FakeClock
from cross_auth.testing._laws import law
from tests.storage.processes import together


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sessions.db"


def asked(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        return connection.execute(sql).fetchall()


def members(path: Path) -> int:
    ((number,),) = asked(path, "SELECT count(*) FROM cross_auth_storage_members")
    assert isinstance(number, int)
    return number


def program(code: str, path: Path) -> subprocess.Popen[str]:
    """Start a process of its own, which is told the file."""
    return subprocess.Popen([sys.executable, "-c", dedent(code), path], stdout=subprocess.PIPE, text=True)


@law("sqlite-drains")
def test_expired_members_go_as_others_are_added(path: Path, clock: FakeClock) -> None:
    """Half as many adds as there are dead members removes them all, 192 at most in one of them."""
    with SQLiteStorage(path, synchronous="NORMAL") as storage:
        for number in range(1000):
            storage.add(f"user {number % 300}", f"dead {number}", 60)
        clock.advance(60)
        left = [members(path)]
        for number in range(500):
            storage.add("user", f"live {number}", 60)
            left.append(members(path))
    assert (1000, 500) == (left[0], left[-1])
    assert max(before - after for before, after in pairwise(left)) < 192


@law("sqlite-drains")
def test_logins_drain_values_and_members_alike(path: Path, clock: FakeClock) -> None:
    """An add and a set for each login: half as many logins as there are dead sessions leaves none of either."""
    with SQLiteStorage(path, synchronous="NORMAL") as storage:
        for number in range(1000):
            storage.add(f"user {number}", f"dead {number}", 60)
            storage.set(f"dead {number}", "value", ttl=60)
        clock.advance(60)
        for number in range(500):
            storage.add(f"user {number}", f"live {number}", 60)
            storage.set(f"live {number}", "value", ttl=60)
    assert [(500,)] == asked(path, "SELECT count(*) FROM cross_auth_storage")
    assert 500 == members(path)


@law("storage-index-never-shortens", "storage-index-expires-one-by-one")
def test_a_dead_member_that_is_still_in_the_file_can_be_added_again(path: Path, clock: FakeClock) -> None:
    """It lives as long as it is given now, and those that died with it stay dead."""
    with SQLiteStorage(path) as storage:
        for member in ("a", "b"):
            storage.add("user", member, 60)
        clock.advance(60)
        assert [] == storage.members("user")
        storage.add("user", "a", 10)
        assert (["a"], 2) == (storage.members("user"), members(path))
        clock.advance(10)
        assert [] == storage.members("user")


@law("storage-index-never-shortens", "storage-index-expires-one-by-one")
def test_a_member_keeps_the_longest_of_its_times(path: Path, clock: FakeClock) -> None:
    """Whatever the order in which it is given them, and whatever time others have."""
    with SQLiteStorage(path) as storage:
        for member, ttls in (("falling", [60, 10]), ("rising", [10, 60]), ("short", [10, 1])):
            for ttl in ttls:
                storage.add("user", member, ttl)
        assert ["falling", "rising", "short"] == sorted(storage.members("user"))
        clock.advance(10)
        assert ["falling", "rising"] == sorted(storage.members("user"))
        clock.advance(50)
        assert [] == storage.members("user")


@pytest.mark.parametrize("made", range(5))
def test_a_file_gets_the_tables_that_it_has_not(path: Path, made: int) -> None:
    """An older file, and one whose maker was killed in between, keep what they hold and get the rest."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements.CREATE[:made]:
            connection.execute(statement)
        if made:
            connection.execute("INSERT INTO cross_auth_storage VALUES ('old', 'value', 9223372036854775807)")
    with SQLiteStorage(path) as storage:
        storage.add("user", "member", 60)
        assert ("value" if made else None, ["member"]) == (storage.get("old"), storage.members("user"))
    assert [
        ("cross_auth_storage",),
        ("cross_auth_storage_expires_at",),
        ("cross_auth_storage_members",),
        ("cross_auth_storage_members_expires_at",),
    ] == asked(path, "SELECT name FROM sqlite_schema ORDER BY name")


@law("sqlite-is-safe-for-processes")
def test_eight_processes_bring_an_older_file_up_to_date_at_once(path: Path) -> None:
    """None fails, and a storage that had the file open before goes on and sees the second table."""
    with closing(sqlite3.connect(path, isolation_level=None)) as before:
        before.execute("PRAGMA journal_mode=WAL")
        for statement in statements.CREATE[:2]:
            before.execute(statement)
        before.execute("INSERT INTO cross_auth_storage VALUES ('old', 'value', 9223372036854775807)")
        assert [["found", "value"]] * 8 == together("create", path)
        assert [("value",)] == before.execute("SELECT value FROM cross_auth_storage WHERE key = 'old'").fetchall()
        assert [] == before.execute("SELECT member FROM cross_auth_storage_members").fetchall()


@pytest.mark.parametrize("name", ["GET", "DELETE", "EXPIRE", "MEMBERS", "DISCARD", "EXPIRE_MEMBERS"])
def test_no_statement_looks_at_every_row(path: Path, name: str) -> None:
    """Each finds what it reads or removes through the primary key or through the index."""
    sql: str = getattr(statements, name)
    SQLiteStorage(path).close()
    with closing(sqlite3.connect(path)) as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {sql}", (1,) * sql.count("?")).fetchall()
    steps = [step.split()[0] for *_, step in plan]
    assert "SEARCH" in steps
    assert "SCAN" not in steps


_ADDS = """
    import sys
    from cross_auth.storage.sqlite import SQLiteStorage

    storage = SQLiteStorage(sys.argv[1], synchronous="NORMAL", timeout=60)
    for number in range(50):
        storage.add("user", f"{NAME} {number}", 3600)
        storage.add("user", "stays", 3600 + number)
        found = storage.members("user")
        assert {"stays", f"{NAME} {number}"} <= set(found) and len(set(found)) == len(found)
        if number % 2:
            storage.discard("user", f"{NAME} {number}")
    print("done")
"""


@law("sqlite-is-safe-for-processes", "storage-index-is-atomic")
def test_processes_lose_no_member_and_bring_none_back(path: Path) -> None:
    """Six add to one set, see what they added and what stays at every moment, and discard half of theirs again."""
    with SQLiteStorage(path) as storage:
        storage.add("user", "stays", 3600)
        started = [program(_ADDS.replace("{NAME}", f"process {name}"), path) for name in range(6)]
        assert ["done\n"] * 6 == [process.communicate(timeout=120)[0] for process in started]
        kept = [f"process {name} {number}" for name in range(6) for number in range(0, 50, 2)]
        assert sorted(["stays", *kept]) == sorted(storage.members("user"))


@law("storage-is-safe-for-threads", "storage-index-is-atomic")
def test_threads_of_two_storages_lose_no_member(path: Path) -> None:
    """What sixteen threads add through two handles on one file is there, and what they discard is not."""
    with SQLiteStorage(path, synchronous="NORMAL") as one, SQLiteStorage(path, synchronous="NORMAL") as other:

        def change(thread: int) -> None:
            mine, another = (one, other) if thread % 2 else (other, one)
            for number in range(20):
                mine.add("user", f"{thread} {number}", 60)
                assert f"{thread} {number}" in another.members("user")
                if number % 2:
                    another.discard("user", f"{thread} {number}")

        with ThreadPoolExecutor(16) as threads:
            list(threads.map(change, range(16)))
        expected = sorted(f"{thread} {number}" for thread in range(16) for number in range(0, 20, 2))
        assert expected == sorted(one.members("user")) == sorted(other.members("user"))


_INTERRUPTED = """
    import signal, sqlite3, sys
    from random import Random
    from cross_auth.storage.sqlite import SQLiteStorage

    class InterruptedCallError(Exception):
        pass

    def handle(number, frame):
        raise InterruptedCallError

    random, interrupted, answers = Random(0), 0, set()
    storage = SQLiteStorage(sys.argv[1], synchronous="NORMAL", timeout=2)
    for number in range(300):
        storage.add("user", f"member {number}", 3600)
    other = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=2)
    signal.signal(signal.SIGALRM, handle)
    for turn in range(1500):
        try:
            signal.setitimer(signal.ITIMER_REAL, random.uniform(1e-6, 1e-3))
            try:
                for _ in range(30):
                    answers.add(len(storage.members("user")))
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
        except InterruptedCallError:
            interrupted += 1
        if turn % 10 == 0:
            other.execute("UPDATE cross_auth_storage_members SET expires_at = expires_at + 1 WHERE member = 'member 0'")
            busy, *_ = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            assert busy == 0, "a statement that reads was left open"
    storage.add("user", "then", 3600)
    storage.discard("user", "member 0")
    print(interrupted > 100, answers, len(storage.members("user")))
"""


@law("sqlite-is-safe-for-threads")
def test_an_exception_from_a_signal_handler_leaves_no_list_half_read(path: Path) -> None:
    """After each of many interrupted calls no read is open, every answer is whole, and the thread goes on."""
    started = program(_INTERRUPTED, path)
    said, _ = started.communicate(timeout=120)
    assert (0, "True {300} 300\n") == (started.returncode, said)


@law("sqlite-trouble-names-the-file", "id-is-never-shown")
def test_a_stored_member_is_in_no_error(path: Path) -> None:
    """A member that is no text is an error whose whole chain is without it."""
    with SQLiteStorage(path) as storage:
        storage.add("user", "member", 60)
        asked(path, "UPDATE cross_auth_storage_members SET member = CAST(x'736563726574ff' AS TEXT)")
        with pytest.raises(StorageError, match=r"sessions\.db: a value is not text") as caught:
            storage.members("user")
    assert (None, None) == (caught.value.__cause__, caught.value.__context__)


@law("sqlite-trouble-names-the-file")
def test_a_file_that_stays_locked_is_an_error_and_sets_are_still_read(path: Path) -> None:
    """A writer that holds the file makes a change of a set raise after the time-out, and reads go on."""
    with SQLiteStorage(path, timeout=0.05) as storage:
        storage.add("user", "member", 60)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            for call in (partial(storage.add, "user", "new", 60), partial(storage.discard, "user", "member")):
                with pytest.raises(StorageError, match="locked"):
                    call()
            assert ["member"] == storage.members("user")
        storage.discard("user", "member")
        assert [] == storage.members("user")


@law("sqlite-leaves-nothing-open")
def test_a_closed_storage_says_so_of_sets(path: Path) -> None:
    """Every call is a StorageError."""
    storage = SQLiteStorage(path)
    storage.close()
    for call in (
        partial(storage.add, "user", "member", 60),
        partial(storage.members, "user"),
        partial(storage.discard, "user", "member"),
        storage.purge,
    ):
        with pytest.raises(StorageError, match="closed"):
            call()
