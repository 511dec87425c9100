"""The storages that every test of a storage runs on."""

import sqlite3
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cross_auth import SecondaryStorage
from cross_auth.storage.memory import MemoryStorage
from cross_auth.storage.sqlite import SQLiteStorage

_FOLDER = tempfile.TemporaryDirectory(prefix="cross-auth-")


@dataclass(frozen=True)
class Backend:
    """A storage that tests can make, and what they report of it."""

    name: str
    version: str
    make: Callable[[], SecondaryStorage]
    reopen: Callable[[SecondaryStorage], SecondaryStorage] | None = None


def make_sqlite() -> SQLiteStorage:
    return SQLiteStorage(Path(tempfile.mkdtemp(dir=_FOLDER.name), "sessions.db"))


def reopen_sqlite(storage: SecondaryStorage) -> SQLiteStorage:
    assert isinstance(storage, SQLiteStorage)
    return SQLiteStorage(storage._path)


MEMORY = Backend("memory", "built in", MemoryStorage)
SQLITE = Backend("SQLite", sqlite3.sqlite_version, make_sqlite, reopen_sqlite)
BACKENDS = {backend.name: backend for backend in (MEMORY, SQLITE)}
