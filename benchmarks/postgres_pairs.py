"""The library and the floor on PostgreSQL."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool
from sqlalchemy import create_engine

from benchmarks import floor_of_sql
from benchmarks.sides import OURS, TABLE, Operations, Pair, Put, Rows, Side, ending, tables
from cross_auth.storage._postgres_table import Statements
from cross_auth.storage.postgres import PostgresStorage
from cross_auth.storage.sqlalchemy import SQLAlchemyStorage

MOST = 16  # connections, as many as `from_url` makes
IN_POSTGRES: Operations = {
    "create": floor_of_sql.create_in_postgres,
    "get": floor_of_sql.get_from_postgres,
    "delete": floor_of_sql.delete_from_postgres,
}
Make = Callable[[str], AbstractContextManager[PostgresStorage | SQLAlchemyStorage]]


@contextmanager
def in_postgres(make: Make, url: str) -> Iterator[Pair]:
    """Compare a storage on a URL; the floor is always psycopg and its pool."""
    with psycopg.connect(url, autocommit=True) as filler:
        filler.execute(f"DROP TABLE IF EXISTS {tables(TABLE)}, {tables(floor_of_sql.TABLE)}")
        with PostgresStorage.from_url(url, table=floor_of_sql.TABLE) as other:
            other.create_table()
        with make(url) as storage, _pool(url, storage) as pool:
            storage.create_table()
            yield Pair(
                Side(OURS, lambda: nullcontext(storage), putting_postgres(filler, Statements(TABLE, None))),
                Side(IN_POSTGRES, lambda: nullcontext(pool), putting_postgres(filler, floor_of_sql.POSTGRES)),
            )


def _pool(url: str, storage: PostgresStorage | SQLAlchemyStorage) -> AbstractContextManager[floor_of_sql.Pool]:
    """Return the storage's own pool where it has one: two processes of the server differ by more than two sides."""
    if isinstance(storage, PostgresStorage):
        return nullcontext(storage._pool.get())
    return ConnectionPool(url, min_size=1, max_size=MOST, kwargs={"autocommit": True})


def on_psycopg(url: str) -> PostgresStorage:
    return PostgresStorage.from_url(url, table=TABLE)


def on_sqlalchemy(url: str) -> SQLAlchemyStorage:
    return SQLAlchemyStorage.from_url(url, table=TABLE)


@contextmanager
def on_default_engine(url: str) -> Iterator[SQLAlchemyStorage]:
    """Make the engine as an application has it that does nothing for this library."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"), pool_size=MOST)
    try:
        yield SQLAlchemyStorage(engine, table=TABLE)
    finally:
        engine.dispose()


def putting_postgres(connection: psycopg.Connection[Any], statements: Statements) -> Put:
    """Return what puts new rows in."""
    index, table = statements.index.name, statements.records.name

    def put(rows: Rows, members: Rows) -> None:
        with connection.transaction(), connection.cursor() as cursor:
            for name, column, given in ((index, "member", members), (table, "value", rows)):
                with cursor.copy(f"COPY {name} (key, {column}, expires_at) FROM STDIN".encode()) as copy:
                    for row in ending(given):
                        copy.write_row(row)

    return put
