"""The name of every backend that is measured, and what it needs."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from benchmarks.awaited_pairs import awaited_in_memory, awaited_in_postgres, awaited_in_redis
from benchmarks.local_pairs import in_memory, in_sqlite, in_sqlite_by_sqlalchemy
from benchmarks.postgres_pairs import in_postgres, on_default_engine, on_psycopg, on_sqlalchemy
from benchmarks.server_pairs import in_mariadb, in_redis
from benchmarks.servers import Servers, missing
from benchmarks.sides import Pair
from cross_auth.storage.postgres import AsyncPostgresStorage
from cross_auth.storage.sqlalchemy import AsyncSQLAlchemyStorage

Store = TypeVar("Store")


@dataclass(frozen=True)
class Backend(Generic[Store]):
    """What is opened for a measurement, in a folder or on a server."""

    open: Callable[[Path, Servers], AbstractContextManager[Store]]
    server: str = ""


BACKENDS: dict[str, Backend[Pair]] = {
    "memory": Backend(lambda folder, servers: in_memory()),
    "SQLite NORMAL": Backend(lambda folder, servers: in_sqlite("NORMAL", folder)),
    "SQLite FULL": Backend(lambda folder, servers: in_sqlite("FULL", folder)),
    "Redis TCP": Backend(lambda folder, servers: in_redis(f"redis://127.0.0.1:{servers.redis.port}"), "redis"),
    "Redis socket": Backend(lambda folder, servers: in_redis(f"unix://{servers.redis.socket}"), "redis"),
    "Redis Cluster": Backend(
        lambda folder, servers: in_redis(f"redis+cluster://127.0.0.1:{servers.redis_cluster.nodes[0].port}"), "redis"
    ),
    "PostgreSQL TCP": Backend(lambda folder, servers: in_postgres(on_psycopg, servers.postgres.url), "postgres"),
    "PostgreSQL socket": Backend(
        lambda folder, servers: in_postgres(on_psycopg, servers.postgres.socket_url), "postgres"
    ),
    "SQLAlchemy PostgreSQL": Backend(
        lambda folder, servers: in_postgres(on_sqlalchemy, servers.postgres.url), "postgres"
    ),
    "SQLAlchemy PostgreSQL, default engine": Backend(
        lambda folder, servers: in_postgres(on_default_engine, servers.postgres.url), "postgres"
    ),
    "SQLAlchemy MariaDB": Backend(lambda folder, servers: in_mariadb(servers.mariadb.url), "mariadb"),
    "SQLAlchemy SQLite FULL": Backend(lambda folder, servers: in_sqlite_by_sqlalchemy(folder)),
}
AWAITED: dict[str, Backend[Pair]] = {
    "memory, awaited": Backend(lambda folder, servers: awaited_in_memory()),
    "Redis TCP, awaited": Backend(
        lambda folder, servers: awaited_in_redis(f"redis://127.0.0.1:{servers.redis.port}"), "redis"
    ),
    "Redis Cluster, awaited": Backend(
        lambda folder, servers: awaited_in_redis(f"redis+cluster://127.0.0.1:{servers.redis_cluster.nodes[0].port}"),
        "redis",
    ),
    "PostgreSQL TCP, awaited": Backend(
        lambda folder, servers: awaited_in_postgres(AsyncPostgresStorage.from_url, servers.postgres.url), "postgres"
    ),
    "SQLAlchemy PostgreSQL, awaited": Backend(
        lambda folder, servers: awaited_in_postgres(AsyncSQLAlchemyStorage.from_url, servers.postgres.url), "postgres"
    ),
}


def available(
    backends: Mapping[str, Backend[Store]], only: str, skipped: dict[str, str]
) -> Iterator[tuple[str, Backend[Store]]]:
    """Yield those whose name has a text in it, and note why one cannot be had."""
    for name, backend in backends.items():
        if only.lower() in name.lower():
            reason = missing(backend.server)
            if reason:
                print(f"{name}: skipped: {reason}", flush=True)
                skipped[name] = reason
            else:
                yield name, backend
