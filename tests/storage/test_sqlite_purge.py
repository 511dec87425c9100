"""How a caller removes what has expired from a SQLite file at once."""

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from cross_auth import StorageError
from cross_auth.storage import sqlite
from cross_auth.storage.sqlite import SQLiteStorage
from cross_auth.testing import FakeClock
from cross_auth.testing._laws import law

_SWEEP = """
import sys
from cross_auth.storage.sqlite import SQLiteStorage

storage, gone = SQLiteStorage(sys.argv[1], synchronous="NORMAL", timeout=60), 50
while gone == 50:
    gone = storage.purge(50)
    print(gone)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sessions.db"


def fill(path: Path, values: int, members: int) -> None:
    """Put rows into the file that have expired long ago."""
    SQLiteStorage(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.executemany("INSERT INTO cross_auth_storage VALUES (?, 'value', 1)", _numbers("dead", values))
        connection.executemany("INSERT INTO cross_auth_storage_members VALUES ('user', ?, 1)", _numbers("m", members))
        connection.commit()


def _numbers(word: str, end: int) -> list[tuple[str]]:
    return [(f"{word} {number}",) for number in range(end)]


def rows(path: Path) -> tuple[int, int]:
    """Return how many values and members there are."""
    with closing(sqlite3.connect(path)) as connection:
        sql = "SELECT (SELECT count(*) FROM cross_auth_storage), (SELECT count(*) FROM cross_auth_storage_members)"
        values, members = connection.execute(sql).fetchone()
    return values, members


@law("sqlite-purges")
@pytest.mark.parametrize(
    ("values", "members", "limit", "gone"),
    [
        (0, 0, 10, [0]),
        (7, 0, 10, [7]),
        (0, 7, 10, [7]),
        (5, 5, 10, [10, 0]),
        (25, 0, 10, [10, 10, 5]),
        (12, 12, 10, [10, 10, 4]),
        (3, 30, 1, [1] * 33 + [0]),
        (600, 600, 1000, [1000, 200]),
    ],
)
def test_a_purge_removes_values_and_members_up_to_the_limit(
    path: Path, values: int, members: int, limit: int, gone: list[int]
) -> None:
    """Each call tells how many went, and less than was asked for when no more had expired."""
    fill(path, values, members)
    with SQLiteStorage(path) as storage:
        assert gone == [storage.purge(limit) for _ in gone]
    assert (0, 0) == rows(path)


def test_a_thousand_is_the_limit_where_none_is_given(path: Path) -> None:
    """A caller need not know how many are good for writers."""
    fill(path, 900, 900)
    with SQLiteStorage(path) as storage:
        assert [1000, 800, 0] == [storage.purge() for _ in range(3)]


@law("sqlite-purges")
def test_what_lives_is_not_purged(path: Path, clock: FakeClock) -> None:
    """A value and a member go at the end of their time and not before; a value without an end stays."""
    with SQLiteStorage(path) as storage:
        storage.set("endless", "value")
        storage.set("key", "value", ttl=60)
        storage.add("user", "member", 60)
        storage.add("user", "longer", 61)
        clock.advance(59)
        assert 0 == storage.purge()
        clock.advance(1)
        assert 2 == storage.purge()
        assert ("value", ["longer"]) == (storage.get("endless"), storage.members("user"))


@pytest.mark.parametrize("limit", [0, -1, 100_001, True, 10.0, "10", None])
def test_a_wrong_limit_is_refused_by_name(path: Path, limit: Any) -> None:
    """Nothing is removed."""
    fill(path, 3, 3)
    with SQLiteStorage(path) as storage, pytest.raises(ValidationError) as caught:
        storage.purge(limit)
    assert [("limit",)] == [error["loc"] for error in caught.value.errors()]
    assert (3, 3) == rows(path)


@pytest.mark.parametrize("limit", [1, 100_000])
def test_the_smallest_and_the_largest_limit_are_allowed(path: Path, limit: int) -> None:
    """The bounds are limits themselves."""
    fill(path, 1, 1)
    with SQLiteStorage(path) as storage:
        assert min(limit, 2) == storage.purge(limit)


@law("sqlite-purges")
def test_a_purge_that_was_cut_short_by_its_limit_lets_others_write(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits as long as it took, and in that time neither the file nor the turn of a writer is held."""
    fill(path, 25, 0)
    with (
        SQLiteStorage(path, timeout=0) as storage,
        SQLiteStorage(path, timeout=0) as other,
        ThreadPoolExecutor(1) as threads,
    ):
        waits: list[float] = []

        def write(seconds: float) -> None:
            waits.append(seconds)
            threads.submit(storage.delete, "dead 24").result()
            other.delete("dead 24")

        monkeypatch.setattr(sqlite, "sleep", write)
        assert [10, 10, 4] == [storage.purge(10) for _ in range(3)]
    assert 2 == len(waits)
    assert 0 < min(waits) <= max(waits) < 5


def test_a_purge_of_a_file_that_stays_locked_is_a_storage_error(path: Path) -> None:
    """It names the file, and nothing is lost of what was to be removed later."""
    fill(path, 3, 3)
    with SQLiteStorage(path, timeout=0.05) as storage:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StorageError, match=r"sessions\.db: database is locked"):
                storage.purge()
        assert 6 == storage.purge()


@law("sqlite-purges")
def test_processes_that_purge_beside_writers_remove_each_row_once(path: Path) -> None:
    """Three sweep a file while threads write to it: what had expired is counted once, and what is written stays."""
    fill(path, 0, 3000)
    with SQLiteStorage(path, synchronous="NORMAL", timeout=60) as storage, ThreadPoolExecutor(2) as threads:
        sweeps = [
            subprocess.Popen([sys.executable, "-c", _SWEEP, path], stdout=subprocess.PIPE, text=True) for _ in range(3)
        ]

        def write(thread: int) -> list[str]:
            written: list[str] = []
            while any(sweep.poll() is None for sweep in sweeps):
                written.append(f"{thread} {len(written)}")
                storage.set(written[-1], "value", ttl=3600)
            return written

        writers = threads.map(write, range(2))
        gone = [int(line) for sweep in sweeps for line in sweep.communicate(timeout=120)[0].splitlines()]
        written = [key for keys in writers for key in keys]
        assert len(written) == sum(storage.get(key) == "value" for key in written) > 0
    assert (3000, 50) == (sum(gone), max(gone))
    assert (len(written), 0) == rows(path)
