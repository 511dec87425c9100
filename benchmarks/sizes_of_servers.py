"""How much a session takes in each store that is no part of the process, as the store itself tells."""

import random
from collections.abc import Callable
from statistics import mean
from typing import Any

import psycopg
import redis

from benchmarks.bench import Bench
from benchmarks.server_pairs import mariadb
from benchmarks.sides import Rows, tables
from benchmarks.stores import STORES, Opened, file_of, redis_url, table_of
from benchmarks.written import Put, Shape, fill, user_of
from cross_auth import create_session, get_session
from cross_auth._records import activity_key, handle_of, record_key, user_key
from cross_auth.storage.redis import RedisStorage

SAMPLED = 100  # Redis is asked about the keys of one in so many sessions
CALLS = 200  # over which the traffic of one is measured


def _grown(storage: str, bench: Bench, shape: Shape, count: int, measure: Callable[[], int]) -> float:
    """Return by how many bytes a session a store has grown."""
    with STORES[storage].open(bench.folder, bench.servers) as stores, stores.open(0) as opened:
        before = measure()
        _filled(opened, shape, count)
        return (measure() - before) / count


def _filled(opened: Opened, shape: Shape, count: int) -> list[str]:
    storage, filling = opened
    with filling() as put:
        ids = fill(put if shape.of_one_user else _records_alone(put), count, shape)
    session = get_session(ids[-1], storage)
    assert session is not None
    return ids


def _records_alone(put: Put) -> Put:
    def put_records(rows: Rows, members: Rows) -> None:
        put(rows, [])

    return put_records


def in_sqlite(bench: Bench, shape: Shape, count: int) -> dict[str, float]:
    file = file_of(bench.folder, 0)

    def size() -> int:
        return file.stat().st_size

    return {"file": _grown("SQLite FULL", bench, shape, count, size)}


def in_postgres(bench: Bench, shape: Shape, count: int) -> dict[str, float]:
    wanted = "SELECT coalesce(sum(pg_total_relation_size(to_regclass(name))), 0) FROM unnest(%s::text[]) name"
    with psycopg.connect(bench.servers.postgres.url, autocommit=True) as client:

        def size() -> int:
            return int(client.execute(wanted.encode(), (tables(table_of(0)).split(", "),)).fetchall()[0][0])

        return {"tables and indexes": _grown("PostgreSQL TCP", bench, shape, count, size)}


def in_mariadb(bench: Bench, shape: Shape, count: int) -> dict[str, float]:
    # Not the files, which grow by several megabytes at a time.
    wanted = (
        "SELECT coalesce(sum(data_length + index_length), 0) FROM information_schema.tables"
        " WHERE table_schema = database() AND table_name IN (%s, %s)"
    )
    with mariadb(bench.servers.mariadb.url) as client, client.cursor() as cursor:

        def size() -> int:
            cursor.execute(wanted, tables(table_of(0)).split(", "))
            return int(cursor.fetchone()[0])

        return {"tables and indexes": _grown("SQLAlchemy MariaDB", bench, shape, count, size)}


def in_redis(bench: Bench, shape: Shape, count: int) -> dict[str, float]:
    with redis.Redis.from_url(redis_url(bench.servers, 0)) as client:
        asked: Any = client

        def size() -> int:
            return int(asked.info("memory")["used_memory"])

        with STORES["Redis TCP"].open(bench.folder, bench.servers) as stores, stores.open(0) as opened:
            before = size()
            ids = _filled(opened, shape, count)
            grown = (size() - before) / count
            asked_about = random.sample(range(count), count // SAMPLED)
            usage = [_usage(asked, number, ids[number], shape) for number in asked_about]
    return {"used_memory": grown, "MEMORY USAGE": mean(usage)}


def _usage(client: Any, number: int, session_id: str, shape: Shape) -> float:
    handle = handle_of(session_id)
    found = sum(client.memory_usage(key, samples=0) or 0 for key in (record_key(handle), activity_key(handle)))
    if shape.of_one_user:
        found += client.memory_usage(user_key(user_of(number // shape.of_one_user)), samples=0) / shape.of_one_user
    return float(found)


def on_the_wire(bench: Bench, shape: Shape) -> dict[str, dict[str, float]]:
    """Return how many bytes a call sends to Redis, and how many it gets back."""
    url = redis_url(bench.servers, 0)
    limits: Any = {"idle_timeout": shape.idle_timeout, "metadata": shape.metadata}
    with redis.Redis.from_url(url) as client, RedisStorage.from_url(url) as storage:
        ids = [create_session(user_of(number), storage, **limits)[0] for number in range(CALLS)]
        calls: dict[str, Callable[[int], object]] = {
            "create_session": lambda number: create_session(user_of(number), storage, **limits),
            "get_session": lambda number: get_session(ids[number], storage),
        }
        found = {name: _traffic(client, call) for name, call in calls.items()}
        client.flushdb()
    return found


def _traffic(client: Any, call: Callable[[int], object]) -> dict[str, float]:
    def seen() -> tuple[int, int]:
        told = client.info("stats")
        return told["total_net_input_bytes"], told["total_net_output_bytes"]

    asking = [after - before for before, after in zip(seen(), seen(), strict=True)]  # what the question itself takes
    start = seen()
    for number in range(CALLS):
        call(number)
    sent, received = (after - before - own for before, after, own in zip(start, seen(), asking, strict=True))
    return {"sent": sent / CALLS, "received": received / CALLS}
