"""How much the awaited session functions cost over the same work awaited by hand, on Redis and PostgreSQL.

Run ``python -m benchmarks.awaited``; ``--rounds 15`` is for a first look.
"""

import argparse
import asyncio
import gc
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from hashlib import sha256
from time import perf_counter_ns
from typing import Any

import redis.asyncio
from psycopg_pool import AsyncConnectionPool

from benchmarks.against_the_floor import HEAD, line
from benchmarks.rounds import compare
from benchmarks.servers import SETTINGS, Servers
from benchmarks.versions import head
from cross_auth import SessionData
from cross_auth.aio import create_session, get_session
from cross_auth.storage.postgres import AsyncPostgresStorage
from cross_auth.storage.redis import AsyncRedisStorage

OPERATIONS = 300  # that one side does before it is the other's turn
Get = Callable[[str, Any], Awaitable[SessionData | None]]


async def get_from_redis(session_id: str, client: redis.asyncio.Redis) -> SessionData | None:
    value = await client.get(f"session:{sha256(session_id.encode()).hexdigest()}")
    if value is None:
        return None
    session = SessionData.model_validate_json(value)
    return session if datetime.now(UTC) < session.expires_at else None


def get_from_postgres(statement: bytes) -> Get:
    async def get(session_id: str, pool: AsyncConnectionPool[Any]) -> SessionData | None:
        async with pool.connection() as connection:
            cursor = await connection.execute(statement, (f"session:{sha256(session_id.encode()).hexdigest()}",))
            row = await cursor.fetchone()
        if row is None:
            return None
        session = SessionData.model_validate_json(row[0])
        return session if datetime.now(UTC) < session.expires_at else None

    return get


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=61)
    rounds = parser.parse_args().rounds
    print(f"{head()}, {rounds} rounds\n{SETTINGS}\n{HEAD}")
    with ExitStack() as stack, asyncio.Runner() as runner:
        servers = Servers(stack)
        url = f"redis://127.0.0.1:{servers.redis.port}"
        client = redis.asyncio.Redis.from_url(url)
        _measure(runner, "Redis TCP", AsyncRedisStorage.from_url(url), client, get_from_redis, rounds)
        postgres = AsyncPostgresStorage.from_url(servers.postgres.url)
        runner.run(postgres.create_table())
        pool = postgres._pool.get()  # two processes of the server differ by more than the two sides
        by_hand = get_from_postgres(postgres._statements.get)
        _measure(runner, "PostgreSQL TCP", postgres, pool, by_hand, rounds)


def _measure(runner: asyncio.Runner, name: str, storage: Any, client: Any, by_hand: Get, rounds: int) -> None:
    async def fill() -> list[str]:
        return [(await create_session(f"user-{number}", storage))[0] for number in range(OPERATIONS)]

    ids = runner.run(fill())

    def side(get: Get, store: Any) -> Callable[[int], float]:
        return lambda count: runner.run(_nanoseconds(get, ids, store))

    found = compare(side(get_session, storage), side(by_hand, client), rounds, OPERATIONS)
    print(line(name, "get", found), flush=True)
    runner.run(storage.close())
    if hasattr(client, "aclose"):
        runner.run(client.aclose())


async def _nanoseconds(get: Get, ids: list[str], store: Any) -> float:
    gc.disable()
    start = perf_counter_ns()
    for session_id in ids:
        assert await get(session_id, store)
    elapsed = perf_counter_ns() - start
    gc.enable()
    return elapsed / len(ids)


if __name__ == "__main__":
    main()
