"""The storages that every test of a storage runs on."""

import os
import sqlite3
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import pytest

from cross_auth import SecondaryStorage
from cross_auth.storage.memory import MemoryStorage
from cross_auth.storage.sqlite import SQLiteStorage
from tests import databases
from tests.servers import mariadb_server, postgres_server, redis_server

_FOLDER = tempfile.TemporaryDirectory(prefix="cross-auth-")
Case = TypeVar("Case", bound=type)


def skip_where(name: str, missing: str) -> pytest.MarkDecorator:
    """Skip where a backend cannot run on this machine; under CI its tests fail instead."""
    return pytest.mark.skipif(bool(missing) and "CI" not in os.environ, reason=f"{name}: {missing}")


@dataclass(frozen=True)
class Backend:
    """A storage that tests can make, and what they report of it."""

    name: str
    version: Callable[[], str]
    make: Callable[[], SecondaryStorage]
    reopen: Callable[[SecondaryStorage], SecondaryStorage] | None = None
    advance: Callable[[SecondaryStorage, float], object] | None = None
    missing: str = ""

    @property
    def skip(self) -> pytest.MarkDecorator:
        return skip_where(self.name, self.missing)

    def on(self, case: Case) -> Case:
        """Name a test case after the backend."""
        marked: Case = self.skip(case)
        return marked


def make_sqlite() -> SQLiteStorage:
    return SQLiteStorage(Path(tempfile.mkdtemp(dir=_FOLDER.name), "sessions.db"))


def reopen_sqlite(storage: SecondaryStorage) -> SQLiteStorage:
    assert isinstance(storage, SQLiteStorage)
    return SQLiteStorage(storage._path)


MEMORY = Backend("memory", lambda: "built in", MemoryStorage)
SQLITE = Backend("SQLite", lambda: sqlite3.sqlite_version, make_sqlite, reopen_sqlite)
REDIS = Backend(
    "Redis",
    redis_server.version,
    redis_server.make_storage,
    redis_server.reopen_storage,
    redis_server.advance_storage,
    redis_server.missing(),
)
POSTGRES = Backend(
    "Postgres",
    postgres_server.version,
    databases.make_postgres,
    databases.reopen_postgres,
    databases.advance_postgres,
    postgres_server.missing(),
)
SQLALCHEMY_POSTGRES = Backend(
    "SQLAlchemyPostgres",
    POSTGRES.version,
    databases.make_on_postgres,
    databases.reopen_on,
    databases.advance_on,
    POSTGRES.missing,
)
SQLALCHEMY_SQLITE = Backend(
    "SQLAlchemySQLite",
    SQLITE.version,
    databases.make_on_sqlite,
    databases.reopen_on_sqlite,
    databases.advance_on,
)
MARIADB = Backend(
    "SQLAlchemyMariaDB",
    mariadb_server.version,
    databases.make_on_mariadb,
    databases.reopen_on,
    databases.advance_on,
    mariadb_server.missing(),
)
MYSQL = replace(MARIADB, name="SQLAlchemyMySQL", make=databases.make_on_mysql)
BACKENDS = {
    backend.name: backend for backend in (MEMORY, SQLITE, REDIS, POSTGRES, SQLALCHEMY_POSTGRES, SQLALCHEMY_SQLITE)
}
