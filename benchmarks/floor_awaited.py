"""The work of each operation and nothing more, awaited: unchecked, one raw call of the client for a storage call.

Each function is whole, because a call of a shared part would raise the floor.
"""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

import redis.asyncio
from psycopg_pool import AsyncConnectionPool

from benchmarks import floor
from benchmarks.floor_of_sql import POSTGRES
from cross_auth import SessionData
from cross_auth._records import SKEW
from cross_auth.storage._redis_sets import ADD as REDIS_ADD

Pool = AsyncConnectionPool[Any]


async def create_in_memory(user_id: str, memory: floor.Memory) -> tuple[str, SessionData]:
    return floor.create_in_memory(user_id, memory)


async def get_from_memory(session_id: str, memory: floor.Memory) -> SessionData | None:
    return floor.get_from_memory(session_id, memory)


async def delete_from_memory(session_id: str, memory: floor.Memory) -> None:
    floor.delete_from_memory(session_id, memory)


async def create_in_redis(user_id: str, client: redis.asyncio.Redis, max_age: int = 86400) -> tuple[str, SessionData]:
    session_id = token_urlsafe(32)
    handle = sha256(session_id.encode()).hexdigest()
    now = datetime.now(UTC)
    expires_at = now + timedelta(seconds=max_age)
    session = SessionData(user_id=user_id, created_at=now, expires_at=expires_at, handle=handle)
    await client.eval(REDIS_ADD, 1, f"user:{sha256(user_id.encode()).hexdigest()}", handle, max_age + SKEW)
    record = session.model_dump_json(exclude={"idle_timeout", "metadata"})
    await client.set(f"session:{handle}", record, ex=max_age)
    return session_id, session


async def get_from_redis(session_id: str, client: redis.asyncio.Redis) -> SessionData | None:
    value = await client.get(f"session:{sha256(session_id.encode()).hexdigest()}")
    if value is None:
        return None
    session = SessionData.model_validate_json(value)
    return session if datetime.now(UTC) < session.expires_at else None


async def delete_from_redis(session_id: str, client: redis.asyncio.Redis) -> None:
    handle = sha256(session_id.encode()).hexdigest()
    session = SessionData.model_validate_json(await client.getdel(f"session:{handle}") or "")
    await client.zrem(f"user:{sha256(session.user_id.encode()).hexdigest()}", handle)


async def create_in_postgres(user_id: str, pool: Pool, max_age: int = 86400) -> tuple[str, SessionData]:
    session_id = token_urlsafe(32)
    handle = sha256(session_id.encode()).hexdigest()
    now = datetime.now(UTC)
    expires_at = now + timedelta(seconds=max_age)
    session = SessionData(user_id=user_id, created_at=now, expires_at=expires_at, handle=handle)
    record = session.model_dump_json(exclude={"idle_timeout", "metadata"})
    async with pool.connection() as connection:
        user = f"user:{sha256(user_id.encode()).hexdigest()}"
        await connection.execute(POSTGRES.add, (user, handle, max_age + SKEW))
        await connection.execute(POSTGRES.set, (f"session:{handle}", record, max_age))
    return session_id, session


async def get_from_postgres(session_id: str, pool: Pool) -> SessionData | None:
    async with pool.connection() as connection:
        key = f"session:{sha256(session_id.encode()).hexdigest()}"
        row = await (await connection.execute(POSTGRES.get, (key,))).fetchone()
    if row is None:
        return None
    session = SessionData.model_validate_json(row[0])
    return session if datetime.now(UTC) < session.expires_at else None


async def delete_from_postgres(session_id: str, pool: Pool) -> None:
    handle = sha256(session_id.encode()).hexdigest()
    async with pool.connection() as connection:
        row = await (await connection.execute(POSTGRES.pop, (f"session:{handle}",))).fetchone()
        session = SessionData.model_validate_json(row[0] if row else "")
        await connection.execute(POSTGRES.discard, (f"user:{sha256(session.user_id.encode()).hexdigest()}", handle))
