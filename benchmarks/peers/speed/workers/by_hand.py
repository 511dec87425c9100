"""The same work written by hand: unchecked, with one raw call of the client for each storage call."""

import sqlite3
from pathlib import Path
from typing import Any

import redis
from psycopg_pool import ConnectionPool

from benchmarks import floor, floor_of_sql
from benchmarks.local_pairs import IN_MEMORY, IN_SQLITE
from benchmarks.peers.speed.serving import order, serve
from benchmarks.peers.speed.worker import Sessions
from benchmarks.postgres_pairs import IN_POSTGRES
from benchmarks.server_pairs import IN_REDIS
from cross_auth.storage.postgres import PostgresStorage
from cross_auth.storage.sqlite import SQLiteStorage

ORDER = order()
OPERATIONS = {"memory": IN_MEMORY, "SQLite": IN_SQLITE, "Redis": IN_REDIS, "PostgreSQL": IN_POSTGRES}[ORDER.store]
create_in, get_from, delete_from = (OPERATIONS[name] for name in ("create", "get", "delete"))


def open_store() -> Any:
    if ORDER.store == "Redis":
        return redis.Redis.from_url(ORDER.url)
    if ORDER.store == "PostgreSQL":
        with PostgresStorage.from_url(ORDER.url, table=floor_of_sql.TABLE) as storage:
            storage.create_table()
        return ConnectionPool(ORDER.url, min_size=1, max_size=1, open=True, kwargs={"autocommit": True})
    if ORDER.store == "SQLite":
        file = Path(ORDER.folder, "by_hand.db")
        SQLiteStorage(file).close()  # the same tables and indexes
        connection = sqlite3.connect(file, isolation_level=None)
        connection.execute("PRAGMA synchronous=FULL")
        return connection
    return floor.Memory({}, {})


store = open_store()


def create(user: str) -> Any:
    made: Any = create_in(user, store)
    return made[0]


def get(session_id: str) -> Any:
    session: Any = get_from(session_id, store)
    return None if session is None else session.user_id


def delete(session_id: str) -> None:
    delete_from(session_id, store)


if __name__ == "__main__":
    serve(Sessions(create, get, delete), "cross-auth-sessions")
