"""Stores that hold many sessions: each with the library's storage on it, and a way to fill it at once."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import psycopg

from benchmarks import bulk
from benchmarks.backends import Backend
from benchmarks.server_pairs import mariadb
from benchmarks.servers import Servers
from benchmarks.sides import tables
from benchmarks.written import Put
from cross_auth import IndexedStorage
from cross_auth.storage.memory import MemoryStorage
from cross_auth.storage.postgres import PostgresStorage
from cross_auth.storage.redis import RedisStorage
from cross_auth.storage.sqlalchemy import SQLAlchemyStorage
from cross_auth.storage.sqlite import SQLiteStorage

Opened = tuple[IndexedStorage, Callable[[], AbstractContextManager[Put]]]
FIRST_DATABASE = 2  # of Redis; other sections use those before


@dataclass(frozen=True)
class Stores:
    """Open an empty store for each number; with it comes what fills it."""

    open: Callable[[int], AbstractContextManager[Opened]]


@contextmanager
def _memory(number: int) -> Iterator[Opened]:
    with MemoryStorage() as storage:
        yield storage, lambda: nullcontext(bulk.into_storage(storage))


@contextmanager
def _sqlite(file: Path) -> Iterator[Opened]:
    with SQLiteStorage(file) as storage:
        yield storage, lambda: bulk.into_sqlite(file)
    for each in file.parent.glob(f"{file.name}*"):
        each.unlink()


@contextmanager
def _redis(url: str) -> Iterator[Opened]:
    with RedisStorage.from_url(url) as storage:
        yield storage, lambda: bulk.into_redis(url)
        bulk.empty_redis(url)


@contextmanager
def _postgres(url: str, table: str) -> Iterator[Opened]:
    with psycopg.connect(url, autocommit=True) as client, PostgresStorage.from_url(url, table=table) as storage:
        storage.create_table()
        yield storage, lambda: bulk.into_postgres(url, table)
        client.execute(f"DROP TABLE {tables(table)}".encode())


@contextmanager
def _mariadb(url: str, table: str) -> Iterator[Opened]:
    with mariadb(url) as client, SQLAlchemyStorage.from_url(url, table=table) as storage, client.cursor() as cursor:
        storage.create_table()
        yield storage, lambda: bulk.into_mariadb(url, table)
        cursor.execute(f"DROP TABLE {tables(table)}")


def file_of(folder: Path, number: int) -> Path:
    return folder / f"many-{number}.db"


def table_of(number: int) -> str:
    return f"many_{number}"


def redis_url(servers: Servers, number: int) -> str:
    return f"redis://127.0.0.1:{servers.redis.port}/{FIRST_DATABASE + number}"


STORES: dict[str, Backend[Stores]] = {
    "memory": Backend(lambda folder, servers: nullcontext(Stores(_memory))),
    "SQLite FULL": Backend(
        lambda folder, servers: nullcontext(Stores(lambda number: _sqlite(file_of(folder, number))))
    ),
    "Redis TCP": Backend(
        lambda folder, servers: nullcontext(Stores(lambda number: _redis(redis_url(servers, number)))), "redis"
    ),
    "PostgreSQL TCP": Backend(
        lambda folder, servers: nullcontext(Stores(lambda number: _postgres(servers.postgres.url, table_of(number)))),
        "postgres",
    ),
    "SQLAlchemy MariaDB": Backend(
        lambda folder, servers: nullcontext(Stores(lambda number: _mariadb(servers.mariadb.url, table_of(number)))),
        "mariadb",
    ),
}
