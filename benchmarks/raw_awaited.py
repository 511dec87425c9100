"""Storages of raw client calls, awaited: one for each call of a storage, nothing checked, nothing translated."""

from collections.abc import Callable
from typing import Any

import redis.asyncio

from benchmarks import floor
from benchmarks.floor_awaited import Pool
from benchmarks.floor_of_sql import POSTGRES
from benchmarks.raw import RawMemory
from cross_auth.storage import _redis_sets


class RawMemoryAwaited:
    def __init__(self, memory: floor.Memory) -> None:
        self._raw = RawMemory(memory)

    async def set(self, key: str, value: str, ttl: int) -> None:
        self._raw.set(key, value, ttl)

    async def get(self, key: str) -> str | None:
        return self._raw.get(key)

    async def pop(self, key: str) -> str | None:
        return self._raw.pop(key)

    async def add(self, key: str, member: str, ttl: int) -> None:
        self._raw.add(key, member, ttl)

    async def members(self, key: str) -> list[str]:
        return self._raw.members(key)

    async def discard(self, key: str, member: str) -> None:
        self._raw.discard(key, member)


class RawRedisAwaited:
    def __init__(self, client: redis.asyncio.Redis) -> None:
        self._client: Any = client

    async def set(self, key: str, value: str, ttl: int) -> None:
        await self._client.set(key, value, ex=ttl)

    async def get(self, key: str) -> Any:
        return await self._client.get(key)

    async def pop(self, key: str) -> Any:
        return await self._client.getdel(key)

    async def add(self, key: str, member: str, ttl: int) -> None:
        await self._client.eval(_redis_sets.ADD, 1, key, member, ttl)

    async def members(self, key: str) -> list[str]:
        return [member.decode() for member in await self._client.eval(_redis_sets.MEMBERS, 1, key)]

    async def discard(self, key: str, member: str) -> None:
        await self._client.zrem(key, member)


class RawPostgresAwaited:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def set(self, key: str, value: str, ttl: int) -> None:
        async with self._pool.connection() as connection:
            await connection.execute(POSTGRES.set, (key, value, ttl))

    async def get(self, key: str) -> Any:
        async with self._pool.connection() as connection:
            row = await (await connection.execute(POSTGRES.get, (key,))).fetchone()
        return row and row[0]

    async def pop(self, key: str) -> Any:
        async with self._pool.connection() as connection:
            row = await (await connection.execute(POSTGRES.pop, (key,))).fetchone()
        return row and row[0]

    async def add(self, key: str, member: str, ttl: int) -> None:
        async with self._pool.connection() as connection:
            await connection.execute(POSTGRES.add, (key, member, ttl))

    async def members(self, key: str) -> list[str]:
        async with self._pool.connection() as connection:
            row = await (await connection.execute(POSTGRES.members, (key,))).fetchone()
        return list(row[0] or []) if row else []

    async def discard(self, key: str, member: str) -> None:
        async with self._pool.connection() as connection:
            await connection.execute(POSTGRES.discard, (key, member))


RAW_AWAITED: dict[str, Callable[[Any], Any]] = {
    "memory, awaited": RawMemoryAwaited,
    "Redis TCP, awaited": RawRedisAwaited,
    "Redis Cluster, awaited": RawRedisAwaited,
    "PostgreSQL TCP, awaited": RawPostgresAwaited,
}
