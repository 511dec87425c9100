"""The clients of the load run, in a process of their own: ``python -m benchmarks.load_client PORT --seconds 60``."""

import argparse
import asyncio
import gc
import json
import resource
import sys
from collections.abc import Sequence
from random import Random
from time import monotonic

from benchmarks.load_connection import Connection, connected
from benchmarks.load_known import Person
from benchmarks.load_site import USERS
from benchmarks.load_tally import Leg, Tally, leg
from benchmarks.load_visitor import Visitor

DEVICES = 2  # clients of one user
FULL = 1 / 3  # of the time without pauses; then with such that half as many requests come
STORM, WITHOUT_PAUSES, AT_HALF = "log-in storm", "without pauses", "at half of that"


async def run(port: int, clients: int, workers: int, seconds: float) -> list[Leg]:
    legs: list[Leg] = []
    async with connected(port, clients, workers) as connections:
        pids = [connection.worker for connection in connections[0]]
        visitors = visitors_of(connections)
        async with leg(STORM, pids, legs) as tally:
            await visit(visitors, tally, 0, 0)
        async with leg(WITHOUT_PAUSES, pids, legs) as tally:
            await visit(visitors, tally, seconds * FULL, 0)
        pause = 2 * clients * legs[-1].seconds / legs[-1].tally.steps
        async with leg(AT_HALF, pids, legs) as tally:
            await visit(visitors, tally, seconds * (1 - FULL), pause)
    return legs


def visitors_of(connections: Sequence[list[Connection]]) -> list[Visitor]:
    """Return a client for each set of connections; some of them share a user."""
    people = [Person(name) for name in list(USERS)[: -(-len(connections) // DEVICES)]]
    return [Visitor(people[number // DEVICES], each, number) for number, each in enumerate(connections)]


async def visit(visitors: Sequence[Visitor], tally: Tally, seconds: float, pause: float) -> None:
    """Let all visitors do one thing after the other until the time is over, and one at least."""
    deadline = monotonic() + seconds

    async def go(visitor: Visitor, chance: Random) -> None:
        visitor.count_in(tally)
        await asyncio.sleep(chance.uniform(0, pause))
        await visitor.step()
        while (begin := monotonic() + (chance.expovariate(1 / pause) if pause else 0)) < deadline:
            await asyncio.sleep(begin - monotonic())
            await visitor.step()

    await asyncio.gather(*(go(visitor, Random(number)) for number, visitor in enumerate(visitors)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("--clients", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=60)
    arguments = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    gc.disable()  # its pauses would be taken for the site's
    legs = asyncio.run(run(arguments.port, arguments.clients, arguments.workers, arguments.seconds))
    json.dump([each.told() for each in legs], sys.stdout)


if __name__ == "__main__":
    main()
