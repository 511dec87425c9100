"""The library and the floor on the stores that need no server."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Literal

from benchmarks import floor
from benchmarks.sides import OURS, Operations, Pair, Put, Rows, Side, ending
from cross_auth.storage.memory import MemoryStorage
from cross_auth.storage.sqlalchemy import SQLAlchemyStorage
from cross_auth.storage.sqlite import SQLiteStorage

IN_MEMORY: Operations = {
    "create": floor.create_in_memory,
    "get": floor.get_from_memory,
    "delete": floor.delete_from_memory,
}
IN_SQLITE: Operations = {
    "create": floor.create_in_sqlite,
    "get": floor.get_from_sqlite,
    "delete": floor.delete_from_sqlite,
}


@contextmanager
def in_memory() -> Iterator[Pair]:
    storage = MemoryStorage()
    memory = floor.Memory({}, {})

    yield Pair(
        Side(OURS, lambda: nullcontext(storage), putting_in_storage(storage)),
        Side(IN_MEMORY, lambda: nullcontext(memory), putting_by_hand(memory)),
    )


def putting_in_storage(storage: MemoryStorage) -> Put:
    def put(rows: Rows, members: Rows) -> None:
        for key, member, ttl in members:
            storage.add(key, member, ttl)
        for key, value, ttl in rows:
            storage.set(key, value, ttl)

    return put


def putting_by_hand(memory: floor.Memory) -> Put:
    def put(rows: Rows, members: Rows) -> None:
        now = datetime.now(UTC)
        for key, member, ttl in members:
            memory.users.setdefault(key, {})[member] = now + timedelta(seconds=ttl)
        for key, value, ttl in rows:
            memory.entries[key] = value, now + timedelta(seconds=ttl)

    return put


@contextmanager
def in_sqlite(synchronous: Literal["FULL", "NORMAL"], folder: Path) -> Iterator[Pair]:
    our_file, their_file = folder / f"library-{synchronous}.db", folder / f"floor-{synchronous}.db"
    SQLiteStorage(their_file).close()  # the same tables and indexes
    with (
        SQLiteStorage(our_file, synchronous=synchronous) as storage,
        _connected(our_file, "NORMAL") as our_filler,
        _connected(their_file, "NORMAL") as their_filler,
    ):
        yield Pair(
            Side(OURS, lambda: nullcontext(storage), _putting(our_filler)),
            Side(IN_SQLITE, partial(_connected, their_file, synchronous), _putting(their_filler)),
        )


@contextmanager
def in_sqlite_by_sqlalchemy(folder: Path) -> Iterator[Pair]:
    our_file, their_file = folder / "library-sqlalchemy.db", folder / "floor-sqlalchemy.db"
    for file in (our_file, their_file):  # the same tables and indexes, and a log that no reader waits for
        SQLiteStorage(file).close()
    with (
        SQLAlchemyStorage.from_url(f"sqlite:///{our_file}") as storage,
        _connected(our_file, "NORMAL") as our_filler,
        _connected(their_file, "NORMAL") as their_filler,
    ):
        yield Pair(
            Side(OURS, lambda: nullcontext(storage), _putting(our_filler)),
            Side(IN_SQLITE, partial(_connected, their_file, "FULL"), _putting(their_filler)),
        )


@contextmanager
def _connected(file: Path, synchronous: str) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file, timeout=60, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA synchronous={synchronous}")
        connection.execute(f"PRAGMA fullfsync={synchronous == 'FULL'}")  # as the library does: macOS alone heeds it
        yield connection


def _putting(connection: sqlite3.Connection) -> Put:
    def put(rows: Rows, members: Rows) -> None:
        connection.execute("BEGIN")
        for statement, given in ((floor.SQLITE_ADD, members), (floor.SQLITE_SET, rows)):
            connection.executemany(statement, ending(given))
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(RESTART)")  # both sides start with an empty log

    return put
