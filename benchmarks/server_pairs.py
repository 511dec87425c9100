"""The library and the floor on Redis and MariaDB."""

from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from functools import partial
from time import time_ns
from typing import Any
from urllib.parse import unquote, urlsplit

import pymysql  # type: ignore[import-untyped]  # it ships no types

from benchmarks import floor, floor_of_sql
from benchmarks.sides import OURS, TABLE, Operations, Pair, Put, Rows, Side, ending, tables
from cross_auth.storage.redis import RedisStorage
from cross_auth.storage.sqlalchemy import SQLAlchemyStorage

IN_REDIS: Operations = {
    "create": floor.create_in_redis,
    "get": floor.get_from_redis,
    "delete": floor.delete_from_redis,
}
IN_MARIADB: Operations = {
    "create": floor_of_sql.create_in_mariadb,
    "get": floor_of_sql.get_from_mariadb,
    "delete": floor_of_sql.delete_from_mariadb,
}


@contextmanager
def in_redis(url: str) -> Iterator[Pair]:
    """Compare on one connection: two of them differ by more than the two sides."""
    with RedisStorage.from_url(url) as storage:
        put = putting_redis(storage._client)
        yield Pair(
            Side(OURS, lambda: nullcontext(storage), put),
            Side(IN_REDIS, lambda: nullcontext(storage._client), put),
        )


def putting_redis(client: Any) -> Put:
    """Return what fills a server or a cluster, whose pipelines have no transaction."""

    def put(rows: Rows, members: Rows) -> None:
        now = time_ns() // 1_000_000
        with client.pipeline(transaction=False) as pipeline:
            for key, member, ttl in members:
                pipeline.zadd(key, {member: now + ttl * 1000})
                pipeline.pexpireat(key, now + ttl * 1000)
            for key, value, ttl in rows:
                pipeline.set(key, value, ex=ttl)
            pipeline.execute()

    return put


@contextmanager
def in_mariadb(url: str) -> Iterator[Pair]:
    with mariadb(url) as filler:
        filler.cursor().execute(f"DROP TABLE IF EXISTS {tables(TABLE)}, {tables(floor_of_sql.TABLE)}")
        with SQLAlchemyStorage.from_url(url, table=floor_of_sql.TABLE) as other:
            other.create_table()
        with SQLAlchemyStorage.from_url(url, table=TABLE) as storage:
            storage.create_table()
            yield Pair(
                Side(OURS, lambda: nullcontext(storage), putting_mariadb(filler, TABLE)),
                Side(IN_MARIADB, partial(mariadb, url), putting_mariadb(filler, floor_of_sql.TABLE)),
            )


def mariadb(url: str) -> "closing[Any]":
    """Return a connection that is closed in the end."""
    parts = urlsplit(url)
    who = {"user": parts.username, "password": unquote(parts.password or "")}
    where = {"host": parts.hostname, "port": parts.port, "database": parts.path[1:]}
    return closing(pymysql.connect(**who, **where, autocommit=True))


def putting_mariadb(connection: Any, table: str) -> Put:
    """Return what puts new rows in, many with a statement, which PyMySQL does with plain values alone."""
    names = ((f"{table}_members", "member"), (table, "value"))
    add, set_ = (f"INSERT INTO {name} (`key`, {column}, expires_at) VALUES (%s, %s, %s)" for name, column in names)

    def put(rows: Rows, members: Rows) -> None:
        connection.begin()
        for statement, given in ((add, members), (set_, rows)):
            new = [(key.encode(), text.encode(), end) for key, text, end in ending(given)]
            connection.cursor().executemany(statement, new)
        connection.commit()

    return put
