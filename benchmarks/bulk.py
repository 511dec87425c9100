"""Rows put into each store at once, as the storages write them one by one."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import time_ns

import psycopg
import redis

from benchmarks import floor
from benchmarks.postgres_pairs import putting_postgres
from benchmarks.server_pairs import mariadb, putting_mariadb
from benchmarks.sides import Rows, ending, tables
from benchmarks.written import Put
from cross_auth import IndexedStorage
from cross_auth.storage._postgres_table import Statements

_COMMANDS = 5000  # of one pipeline


def into_storage(storage: IndexedStorage) -> Put:
    """Return how rows get into a storage by its own calls: in memory nothing is faster."""

    def put(rows: Rows, members: Rows) -> None:
        for key, member, ttl in members:
            storage.add(key, member, ttl)
        for key, value, ttl in rows:
            storage.set(key, value, ttl=ttl)

    return put


@contextmanager
def into_sqlite(file: Path) -> Iterator[Put]:
    """Put rows in by the keys' chance order, as log-ins do: pages are as full as they are then."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-1000000")

        def put(rows: Rows, members: Rows) -> None:
            connection.execute("BEGIN")
            for statement, given in ((floor.SQLITE_ADD, members), (floor.SQLITE_SET, rows)):
                connection.executemany(statement, ending(given))
            connection.execute("COMMIT")

        yield put
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def into_redis(url: str) -> Iterator[Put]:
    with redis.Redis.from_url(url) as client:

        def put(rows: Rows, members: Rows) -> None:
            now = time_ns() // 1_000_000
            for start in range(0, max(len(rows), len(members)), _COMMANDS):
                with client.pipeline(transaction=False) as pipeline:
                    for key, member, ttl in members[start : start + _COMMANDS]:
                        pipeline.execute_command("ZADD", key, now + ttl * 1000, member)
                        pipeline.execute_command("PEXPIREAT", key, now + ttl * 1000)
                    for key, value, ttl in rows[start : start + _COMMANDS]:
                        pipeline.execute_command("SET", key, value, "EX", ttl)
                    pipeline.execute()

        yield put


def empty_redis(url: str) -> None:
    with redis.Redis.from_url(url) as client:
        client.flushdb()


@contextmanager
def into_postgres(url: str, table: str) -> Iterator[Put]:
    names = Statements(table, None)
    with psycopg.connect(url, autocommit=True) as connection, connection.cursor() as cursor:
        yield putting_postgres(connection, names)
        for name in (names.index.name, names.records.name):
            cursor.execute(f"VACUUM ANALYZE {name}".encode())
        cursor.execute("CHECKPOINT")


@contextmanager
def into_mariadb(url: str, table: str) -> Iterator[Put]:
    with mariadb(url) as connection:
        yield putting_mariadb(connection, table)
        connection.cursor().execute(f"ANALYZE TABLE {tables(table)}")
