"""The process of one side: what it is ordered to be, and how it is told what to do.

It runs with the peers' packages as well as with ours, so it imports nothing that only one of them has.
"""

import asyncio
import gc
import json
import platform
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib import metadata

from benchmarks.peers.speed.worker import Sessions, Worker

BESIDE = ("hiredis", "libvalkey", "psycopg", "psycopg-binary", "pydantic", "redis", "SQLAlchemy", "valkey")


@dataclass(frozen=True)
class Order:
    """Where a side keeps its sessions: a folder of its own, and the URL of a database of its own."""

    store: str
    url: str
    folder: str


def order() -> Order:
    return Order(**json.loads(sys.argv[1]))


def serve(
    sessions: Sessions,
    distribution: str,
    *,
    start: Callable[[], Awaitable[object]] | None = None,
    facts: dict[str, object] | None = None,
) -> None:
    """Say hello with the facts, and do what is asked on standard input, line by line, until it ends."""
    with asyncio.Runner() as runner:
        if start is not None:
            runner.run(_await(start))
        worker = Worker(sessions, runner.run)
        worker.use()
        gc.freeze()  # so that a collection looks at sessions alone
        gc.disable()
        _tell(version=metadata.version(distribution), beside=_releases(), **(facts or {}))
        for line in sys.stdin:
            name, *numbers = json.loads(line)
            gc.collect()
            _tell(answer=getattr(worker, name)(*numbers))


def _releases() -> dict[str, str]:
    """Return what else there is in the environment that a session may need."""
    there = {each.name: each.version for each in metadata.distributions()}
    return {"Python": platform.python_version()} | {name: there[name] for name in BESIDE if name in there}


async def _await(start: Callable[[], Awaitable[object]]) -> None:
    await start()


def _tell(**facts: object) -> None:
    print(json.dumps(facts), flush=True)
