"""What the examples in ``raises`` tables may use."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

from psycopg_pool import AsyncConnectionPool, ConnectionPool
from sqlalchemy import NullPool, StaticPool, create_engine
from sqlalchemy.ext.asyncio import create_async_engine

from cross_auth.aio import in_thread
from cross_auth.storage import ClosableStorage, open_storage
from cross_auth.storage.memory import AsyncMemoryStorage, MemoryStorage
from cross_auth.storage.postgres import AsyncPostgresStorage, PostgresStorage
from cross_auth.storage.redis import AsyncRedisStorage, RedisStorage
from cross_auth.storage.sqlalchemy import AsyncSQLAlchemyStorage, SQLAlchemyStorage
from cross_auth.storage.sqlite import SQLiteStorage
from cross_auth.testing import FakeClock


@contextmanager
def examples() -> Iterator[dict[str, object]]:
    """Provide them by name; those under ``awaited`` stand in their place for what is awaited."""
    with (
        tempfile.TemporaryDirectory() as folder,
        SQLiteStorage(Path(folder, "open.db")) as sqlite_storage,
        SQLAlchemyStorage.from_url(f"sqlite:///{folder}/empty.db") as sqlalchemy_storage_without_a_table,
        FakeClock() as running_clock,
    ):
        closed = SQLiteStorage(Path(folder, "closed.db"))
        closed.close()
        nowhere = create_async_engine("postgresql+asyncpg://127.0.0.1:1", poolclass=NullPool)
        yield {
            "storage": MemoryStorage(),
            "sqlite_storage": sqlite_storage,
            "closed_storage": closed,
            "engine_in_memory": create_engine("sqlite://"),
            "open_storage_without_redis": _open_storage_without_redis,
            "postgres_storage_that_is_down": PostgresStorage(ConnectionPool("host=/nowhere", open=False)),
            "redis_storage_that_is_down": RedisStorage.from_url("unix:///nowhere/redis.sock"),
            "sqlalchemy_storage_without_a_table": sqlalchemy_storage_without_a_table,
            "running_clock": running_clock,
            "naive": datetime(2026, 1, 1),  # noqa: DTZ001  what is to be refused
            "awaited": {
                "storage": AsyncMemoryStorage(),
                "sqlite_storage": in_thread(sqlite_storage),
                "closed_storage": in_thread(closed),
                "engine_in_memory": create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool),
                "postgres_storage_that_is_down": AsyncPostgresStorage(AsyncConnectionPool("host=/nowhere", open=False)),
                "redis_storage_that_is_down": AsyncRedisStorage.from_url("unix:///nowhere/redis.sock"),
                "sqlalchemy_storage_without_a_table": AsyncSQLAlchemyStorage(nowhere),
            },
        }


def _open_storage_without_redis() -> ClosableStorage:
    hidden = {name: None for name in sys.modules if name.partition(".")[0] == "redis" or name.endswith("storage.redis")}
    with patch.dict(sys.modules, hidden):
        return open_storage("redis://localhost")
