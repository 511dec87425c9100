"""This library; the colour is the second argument after the order."""

import sys
from pathlib import Path
from typing import Any

from benchmarks.peers.speed.serving import order, serve
from benchmarks.peers.speed.worker import LIFETIME, Sessions
from cross_auth import aio, create_session, delete_session, get_session
from cross_auth.storage.memory import AsyncMemoryStorage, MemoryStorage
from cross_auth.storage.postgres import AsyncPostgresStorage, PostgresStorage
from cross_auth.storage.redis import AsyncRedisStorage, RedisStorage
from cross_auth.storage.sqlite import SQLiteStorage

ORDER, COLOUR = order(), sys.argv[2]


def open_storage() -> Any:
    if ORDER.store == "Redis":
        return (RedisStorage if COLOUR == "sync" else AsyncRedisStorage).from_url(ORDER.url)
    if ORDER.store == "PostgreSQL":
        return (PostgresStorage if COLOUR == "sync" else AsyncPostgresStorage).from_url(ORDER.url)
    if ORDER.store == "SQLite":
        storage = SQLiteStorage(Path(ORDER.folder, "ours.db"))
        return storage if COLOUR == "sync" else aio.in_thread(storage)
    return MemoryStorage() if COLOUR == "sync" else AsyncMemoryStorage()


storage = open_storage()


def create(user: str) -> str:
    return create_session(user, storage, LIFETIME)[0]


def get(session_id: str) -> str | None:
    session = get_session(session_id, storage)
    return None if session is None else session.user_id


def delete(session_id: str) -> None:
    delete_session(session_id, storage)


async def create_awaited(user: str) -> str:
    return (await aio.create_session(user, storage, LIFETIME))[0]


async def get_awaited(session_id: str) -> str | None:
    session = await aio.get_session(session_id, storage)
    return None if session is None else session.user_id


async def delete_awaited(session_id: str) -> None:
    await aio.delete_session(session_id, storage)


if __name__ == "__main__":
    distribution, makes_tables = "cross-auth-sessions", ORDER.store == "PostgreSQL"
    if COLOUR == "sync":
        if makes_tables:
            storage.create_table()
        serve(Sessions(create, get, delete), distribution)
    else:
        start = storage.create_table if makes_tables else None
        serve(Sessions(create_awaited, get_awaited, delete_awaited), distribution, start=start)
