"""Tables full of sessions that have expired, put in at once and not by the storage that is to remove them."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from time import time, time_ns
from unittest.mock import patch

import psycopg

from benchmarks.backends import Backend
from benchmarks.postgres_pairs import Make, on_psycopg, on_sqlalchemy
from benchmarks.server_pairs import mariadb
from benchmarks.sides import MAX_AGE, TABLE, records, tables
from cross_auth.storage import memory
from cross_auth.storage.memory import MemoryStorage
from cross_auth.storage.postgres import PostgresStorage
from cross_auth.storage.sqlalchemy import SQLAlchemyStorage
from cross_auth.storage.sqlite import SQLiteStorage

VALUE = records(1)[1][0][1]


@dataclass(frozen=True)
class Backlog:
    """A storage, how its table is filled with so many expired rows, and how many of them it still has."""

    storage: MemoryStorage | PostgresStorage | SQLAlchemyStorage | SQLiteStorage
    fill: Callable[[int], None]
    left: Callable[[], int]


def key() -> str:
    return f"session:{token_hex(32)}"


def expired(count: int) -> Iterator[tuple[str, str, int]]:
    """Yield rows that expired one after another during the last day."""
    now = time_ns() // 1000
    for number in range(count):
        yield key(), VALUE, now - (count - number) * MAX_AGE * 1_000_000 // count


@contextmanager
def in_postgres(make: Make, url: str) -> Iterator[Backlog]:
    with psycopg.connect(url, autocommit=True) as client, make(url) as storage:
        client.execute(f"DROP TABLE IF EXISTS {tables(TABLE)}")
        storage.create_table()

        def fill(count: int) -> None:
            with client.cursor() as cursor, cursor.copy(f"COPY {TABLE} (key, value, expires_at) FROM STDIN") as copy:
                for row in expired(count):
                    copy.write_row(row)
            client.execute(f"VACUUM ANALYZE {TABLE}")
            client.execute("CHECKPOINT")

        def left() -> int:
            row = client.execute(f"SELECT count(*) FROM {TABLE} WHERE expires_at <= %s", (time_ns() // 1000,))
            return int(row.fetchall()[0][0])

        yield Backlog(storage, fill, left)


@contextmanager
def in_mariadb(url: str) -> Iterator[Backlog]:
    with mariadb(url) as client, SQLAlchemyStorage.from_url(url, table=TABLE) as storage, client.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {tables(TABLE)}")
        storage.create_table()

        def fill(count: int) -> None:
            """Put rows in by their key, and the index after them: in another order every row would be a page."""
            cursor.execute(f"DROP INDEX {TABLE}_expires_at ON {TABLE}")
            rows = sorted((key.encode(), value, expires_at) for key, value, expires_at in expired(count))
            client.begin()
            cursor.executemany(f"INSERT INTO {TABLE} (`key`, value, expires_at) VALUES (%s, %s, %s)", rows)
            client.commit()
            cursor.execute(f"CREATE INDEX {TABLE}_expires_at ON {TABLE} (expires_at)")
            cursor.execute(f"ANALYZE TABLE {TABLE}")

        def left() -> int:
            cursor.execute(f"SELECT count(*) FROM {TABLE} WHERE expires_at <= %s", (time_ns() // 1000,))
            return int(cursor.fetchone()[0])

        yield Backlog(storage, fill, left)


@contextmanager
def in_sqlite(file: Path) -> Iterator[Backlog]:
    with SQLiteStorage(file) as storage, closing(sqlite3.connect(file, isolation_level=None)) as client:
        client.execute("PRAGMA synchronous=OFF")
        client.execute("PRAGMA cache_size=-1000000")

        def fill(count: int) -> None:
            client.execute("BEGIN")
            client.executemany(
                "INSERT INTO cross_auth_storage (key, value, expires_at) VALUES (?, ?, ?)", expired(count)
            )
            client.execute("COMMIT")
            client.execute("PRAGMA wal_checkpoint(TRUNCATE)")

        def left() -> int:
            wanted = "SELECT count(*) FROM cross_auth_storage WHERE expires_at <= ?"
            return int(client.execute(wanted, (time_ns() // 1000,)).fetchone()[0])

        yield Backlog(storage, fill, left)


@contextmanager
def in_memory() -> Iterator[Backlog]:
    storage = MemoryStorage()

    def fill(count: int) -> None:
        for each, value, expires_at in expired(count):
            written_at = expires_at / 1e6 - MAX_AGE
            with patch.object(memory, "time", lambda at=written_at: at):
                storage.set(each, value, MAX_AGE)

    yield Backlog(storage, fill, lambda: sum(entry <= time() for entry in storage._entries.values()))


BACKLOGS: dict[str, Backend[Backlog]] = {
    "memory": Backend(lambda folder, servers: in_memory()),
    "PostgreSQL": Backend(lambda folder, servers: in_postgres(on_psycopg, servers.postgres.url), "postgres"),
    "SQLAlchemy PostgreSQL": Backend(
        lambda folder, servers: in_postgres(on_sqlalchemy, servers.postgres.url), "postgres"
    ),
    "SQLAlchemy MariaDB": Backend(lambda folder, servers: in_mariadb(servers.mariadb.url), "mariadb"),
    "SQLite FULL": Backend(lambda folder, servers: in_sqlite(folder / "drain.db")),
}
