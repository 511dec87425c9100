"""A SQLite file as sessions need it: its owner's alone, with a write-ahead log, synced as asked."""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from time import sleep

from cross_auth.storage._sqlite_held import opening
from cross_auth.storage._sqlite_statements import CREATE

_PAUSE = 0.01  # seconds


def prepare(path: Path, timeout: float) -> None:
    """Make the file where there is none, and the log, the tables and their indexes in it."""
    with opening:
        _make(path)
        connection = connect(path, "FULL", timeout)
        try:
            mode = _use_write_ahead_log(connection, timeout)
            if mode != "wal":
                raise sqlite3.OperationalError(f"the file system has no write-ahead log (journal mode {mode})")
            for statement in CREATE:
                connection.execute(statement)
        finally:
            connection.close()


def _make(path: Path) -> None:
    """Make the file where there is none; its log and shared memory get the mode of the file.

    A file that is there is left to SQLite: to close it here would drop the locks
    that other storages of this process hold on it, as POSIX has it.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def connect(path: Path, synchronous: str, timeout: float) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode=rw",  # a file that was removed is an outage, not an empty storage
        uri=True,
        timeout=timeout,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        connection.execute(f"PRAGMA synchronous={synchronous}")
        if synchronous == "FULL":
            connection.execute("PRAGMA fullfsync=ON")  # macOS: without it fsync stops at the drive's cache
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _use_write_ahead_log(connection: sqlite3.Connection, timeout: float) -> str:
    """Return the journal mode that the file is in after it was asked for a write-ahead log.

    Several processes may start together, and for this SQLite may answer "locked" without waiting: the waiting is here.
    """
    connection.execute("PRAGMA busy_timeout=0")
    tries = int(timeout / _PAUSE)
    while True:
        try:
            mode: str = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or not tries:
                raise
            tries -= 1
            sleep(_PAUSE)
        else:
            connection.execute(f"PRAGMA busy_timeout={int(timeout * 1000)}")
            return mode
