"""``python -m cross_auth purge``, run as a scheduler runs it."""

import os
import pty
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from cross_auth import create_session, get_session
from cross_auth.storage.sqlite import SQLiteStorage
from tests.servers import postgres_server, redis_server
from tests.servers.ports import wait_until
from tests.storages import POSTGRES, REDIS

COMMAND = [sys.executable, "-m", "cross_auth", "purge"]


def run(*arguments: str, url: str = "") -> tuple[int, str, str]:
    environment = {**os.environ, "CROSS_AUTH_STORAGE_URL": url}
    done = subprocess.run([*COMMAND, *arguments], env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sessions.db"


def fill(path: Path, expired: int) -> str:
    """Put expired rows into a file, and return its URL."""
    SQLiteStorage(path).close()
    with sqlite3.connect(path) as connection:
        rows = ((f"session:{number}", "x", 1) for number in range(expired))
        connection.executemany("INSERT INTO cross_auth_storage VALUES (?, ?, ?)", rows)
    return f"sqlite:///{path}"


def test_expired_rows_go_and_live_sessions_stay(path: Path) -> None:
    """It says how many rows it removed, and again that there is nothing left."""
    with SQLiteStorage(path) as storage:
        session_id, session = create_session("user", storage)
        url = fill(path, 2500)
        code, told, errors = run(url)
        assert (0, "") == (code, errors)
        assert told.startswith("2500 expired rows removed from SQLiteStorage in ")
        assert run(url)[1].startswith("0 expired rows")
        assert session == get_session(session_id, storage)


def test_the_url_may_come_from_the_environment(path: Path) -> None:
    """Where no process list shows it; an argument goes before it."""
    url = fill(path, 7)
    assert run(url=url)[1].startswith("7 expired rows")
    assert run("memory://", url=url)[1].startswith("MemoryStorage drops what has expired by itself")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("", "needs the URL of a storage, as its argument or in CROSS_AUTH_STORAGE_URL"),
        ("http://secret@localhost", "ValueError: url should begin with one of"),
        ("postgresql+asyncpg://user:secret@localhost/name", "TypeError: "),
        ("sqlite:////no-such-folder/secret.db", "/no-such-folder/secret.db: there is no such file"),
        ("sqlite:////", "StorageError: "),
        ("redis://:secret@127.0.0.1:1/0?secret=secret", "ValueError: "),
    ],
)
def test_what_cannot_be_opened_is_told_without_its_password(url: str, told: str) -> None:
    """One line on the error stream, a code that is not 0, no traceback."""
    code, said, errors = run(url=url)
    assert code in (1, 2)
    assert "" == said
    assert told in errors
    assert 1 == len(errors.splitlines())
    assert "secret" not in errors.replace("/no-such-folder/secret.db", "")


@REDIS.skip
def test_a_storage_that_expires_by_itself_has_nothing_to_purge() -> None:
    """Redis needs no job."""
    assert (0, "RedisStorage drops what has expired by itself: nothing to purge\n", "") == run(
        redis_server.shared_url()
    )


@POSTGRES.skip
def test_postgres_is_purged(path: Path) -> None:
    """The table of the library's own name is made where there is none."""
    code, told, errors = run(postgres_server.shared_url())
    assert (0, "") == (code, errors)
    assert "expired rows removed from PostgresStorage" in told


def test_it_stops_when_it_is_told_to_and_keeps_what_was_done(path: Path) -> None:
    """Ctrl-C in the midst of a backlog ends it in order: what went is told, the rest goes the next time."""
    url = fill(path, 100_000)
    with subprocess.Popen([*COMMAND, url], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        wait_until(lambda: _left(path) < 100_000)
        process.send_signal(signal.SIGINT)
        told, errors = process.communicate(timeout=60)
    assert (130, "") == (process.returncode, errors)
    assert told.startswith("stopped: ")
    assert 100_000 - int(told.split()[1]) == _left(path) > 0
    assert f"{_left(path)} expired rows" in run(url)[1]


def _left(path: Path) -> int:
    with sqlite3.connect(path) as connection:
        found: int = connection.execute("SELECT count(*) FROM cross_auth_storage").fetchone()[0]
    return found


def test_a_terminal_sees_how_far_it_is(path: Path) -> None:
    """The line is written over and cleared in the end; a file or a pipe never gets it."""
    url = fill(path, 2500)
    leader, follower = pty.openpty()
    with subprocess.Popen([*COMMAND, url], stdout=subprocess.DEVNULL, stderr=follower) as process:
        process.wait(60)
    os.close(follower)
    shown = os.read(leader, 10_000).decode()
    os.close(leader)
    assert "\r1000 removed\r2000 removed\r2500 removed\r\x1b[K" == shown
