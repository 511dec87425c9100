"""Storages in SQL databases, each on tables of its own, for the contract and the machines."""

import os
import tempfile
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from psycopg_pool import ConnectionPool
from sqlalchemy import Engine, create_engine, text

from cross_auth import SecondaryStorage
from cross_auth.storage.postgres import PostgresStorage
from cross_auth.storage.sqlalchemy import SQLAlchemyStorage
from tests.servers import mariadb_server, postgres_server

_TABLES = 32
_numbers = count()


def _table() -> str:
    """Name a table of this process; the server may be shared with others."""
    return f"test_{os.getpid()}_{next(_numbers) % _TABLES}"


@cache
def pool() -> ConnectionPool[Any]:
    """Return a pool that all storages of this process share, as those of an application may."""
    shared: ConnectionPool[Any] = ConnectionPool(
        postgres_server.shared_url(), min_size=1, max_size=20, kwargs={"autocommit": True}, open=True
    )
    return shared


@cache
def postgres_engine() -> Engine:
    url = postgres_server.shared_url().replace("postgresql://", "postgresql+psycopg://")
    return create_engine(url, pool_size=20)  # in SQLAlchemy's own isolation level, as an application has it


@cache
def mariadb_engine() -> Engine:
    """Return an engine over the driver that the extra brings; SQLAlchemy's bare ``mysql://`` is another."""
    url = mariadb_server.shared_url().replace("mysql://", "mysql+pymysql://")
    return create_engine(url, pool_size=20, connect_args={"read_timeout": 10, "write_timeout": 10})


@cache
def mysql_engine() -> Engine:
    """Return an engine that has no ``RETURNING``, as MySQL has none: what it runs is run on MariaDB here."""
    url = mariadb_server.shared_url().replace("mysql://", "mysql+pymysql://")
    engine = create_engine(url, pool_size=20, connect_args={"read_timeout": 10, "write_timeout": 10})
    engine.connect().close()  # which sets what the dialect can
    engine.dialect.delete_returning = False
    return engine


def make_postgres() -> PostgresStorage:
    storage = PostgresStorage(pool(), table=_table())
    storage.create_table()
    with pool().connection() as connection:
        for table in storage._statements.tables:
            connection.execute(f"DELETE FROM {table.name}".encode())
    return storage


def reopen_postgres(storage: SecondaryStorage) -> PostgresStorage:
    assert isinstance(storage, PostgresStorage)
    return PostgresStorage(pool(), table=storage._statements.table.strip('"'))


def advance_postgres(storage: SecondaryStorage, seconds: float) -> None:
    assert isinstance(storage, PostgresStorage)
    with pool().connection() as connection:
        for table in storage._statements.tables:
            connection.execute(aged(table.name, seconds).encode())


def make_on(engine: Engine) -> SQLAlchemyStorage:
    storage = SQLAlchemyStorage(engine, table=_table())
    storage.create_table()
    with engine.begin() as connection:
        for table in storage._records.tables:
            connection.execute(table.delete())
    return storage


def reopen_on(storage: SecondaryStorage) -> SQLAlchemyStorage:
    assert isinstance(storage, SQLAlchemyStorage)
    return SQLAlchemyStorage(storage._engine, table=storage._records.statements.table.name)


def make_on_postgres() -> SQLAlchemyStorage:
    return make_on(postgres_engine())


def make_on_mariadb() -> SQLAlchemyStorage:
    return make_on(mariadb_engine())


def make_on_mysql() -> SQLAlchemyStorage:
    return make_on(mysql_engine())


def new_file() -> Path:
    return Path(tempfile.mkdtemp(dir=_FOLDER.name), "sessions.db")


def make_on_sqlite() -> SQLAlchemyStorage:
    storage = SQLAlchemyStorage.from_url(f"sqlite:///{new_file()}")
    storage.create_table()
    return storage


def reopen_on_sqlite(storage: SecondaryStorage) -> SQLAlchemyStorage:
    assert isinstance(storage, SQLAlchemyStorage)
    return SQLAlchemyStorage.from_url(str(storage._engine.url))


def advance_on(storage: SecondaryStorage, seconds: float) -> None:
    assert isinstance(storage, SQLAlchemyStorage)
    with storage._engine.begin() as connection:
        for table in storage._records.tables:
            connection.execute(text(aged(table.name, seconds)))


def aged(table: str, seconds: float) -> str:
    """Return what makes one of a storage's two tables so many seconds older."""
    never = 2**63 - 1
    return f"UPDATE {table} SET expires_at = expires_at - {round(seconds * 1_000_000)} WHERE expires_at < {never}"


_FOLDER = tempfile.TemporaryDirectory(prefix="cross-auth-")
