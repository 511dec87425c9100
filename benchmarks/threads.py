"""How many operations a second many threads do, beside as many threads that do the same work by hand.

Run ``python -m benchmarks.threads``; the shorter ``--quick`` is for a first look.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from benchmarks import contention
from benchmarks.alone import alone
from benchmarks.backends import BACKENDS, available
from benchmarks.bench import Bench, Target
from benchmarks.plot import Point, lines
from benchmarks.rounds import compare
from benchmarks.sides import Pair, Side, user_ids
from benchmarks.table import left_out, table
from benchmarks.throughput import cell, told
from benchmarks.together import nanoseconds

THREADS = (1, 4, 16)
OPERATIONS = ("get", "create")
# Nanoseconds that one side works before it is the other's turn: each of 16 threads gets its turns.
BLOCK, QUICK_BLOCK = 0.2e9, 0.02e9
MEASURED = ("memory", "SQLite FULL", "Redis TCP", "PostgreSQL TCP", "SQLAlchemy PostgreSQL", "SQLAlchemy MariaDB")


def run(bench: Bench) -> Any:
    rounds, block = bench.rounds(7, 2), QUICK_BLOCK if bench.quick else BLOCK
    probe = bench.rounds(16, 4)  # calls of each thread that tell how many fill a block
    rows: list[dict[str, Any]] = []
    skipped: dict[str, str] = {}
    for name, backend in available({name: BACKENDS[name] for name in MEASURED}, bench.only, skipped):
        with backend.open(bench.folder, bench.servers) as pair:
            for row in measure(pair, rounds, block, probe):
                print(told(name, row, "threads"), flush=True)
                rows.append({"storage": name, **row})
    loss = contention.measure(bench.rounds(11, 2), bench.rounds(160, 20))
    print(f"a get with 16 threads beside 1: {_lost(loss, 'library')}, a bare dict: {_lost(loss, 'bare')}", flush=True)
    return {"rounds": rounds, "rows": rows, "skipped": skipped, "loss": loss}


def measure(pair: Pair, rounds: int, block: float, probe: int) -> Iterator[dict[str, Any]]:
    for operation in OPERATIONS:
        for threads in THREADS:
            once = _turn(pair.floor, operation, threads, probe * threads)(0)
            count = max(threads, int(block / once) // threads * threads)
            library, floor = (_turn(side, operation, threads, count) for side in (pair.library, pair.floor))
            found = compare(library, floor, rounds, count)
            yield {"operation": operation, "workers": threads, **asdict(found)}


def _turn(side: Side, operation: str, threads: int, count: int) -> Callable[[int], float]:
    """Return what is timed in every round; a read consumes nothing, so that all rounds read the same sessions."""
    arguments = side.fill(count) if operation == "get" else user_ids(count)
    return lambda _: nanoseconds(side, operation, arguments, threads)


REMARKS = """
What bounds it:

* One thread at a time runs Python, so that threads help where a call waits: for a disk or a server.
* SQLite has one writer at a time: the library's threads wait in line, by hand each tries again after a pause.
* What a get loses from 1 to 16 threads is what switching threads costs; a bare dictionary loses it as well.
"""


def render(found: Any) -> str:
    head = ["Storage", "Operation", *(f"{threads} thread{'s' if threads > 1 else ''}" for threads in THREADS)]
    cells = {(row["storage"], row["operation"], row["workers"]): cell(row) for row in found["rows"]}
    rows = [
        [storage, operation, *(cells[storage, operation, threads] for threads in THREADS)]
        for storage, operation in dict.fromkeys((row["storage"], row["operation"]) for row in found["rows"])
    ]
    library, bare = (_lost(found["loss"], side) for side in ("library", "bare"))
    return f"""## With threads

Calls a second of all threads together, the median of {found["rounds"]} rounds, and how many times those of the floor.

{table(head, rows)}
{left_out(found["skipped"])}
From 1 to 16 threads a get in memory takes {library} the time, a read of a bare dictionary {bare}.
{REMARKS}"""


def _lost(loss: dict[str, Any], side: str) -> str:
    return f"{loss[side]['median']:.2f}x"


def plots(found: Any) -> dict[str, str]:
    drawn: dict[str, list[Point]] = {}
    for row in found["rows"]:
        if row["operation"] == "get" and len(drawn) < 7:
            high, median, low = (1e9 / row["library"][each] for each in ("low", "median", "high"))
            drawn.setdefault(row["storage"], []).append(Point(row["workers"], median, low, high))
    title = "get_session: calls a second by threads"
    return {"threads.svg": lines(title, "threads", "calls a second", drawn, logarithmic=True)} if drawn else {}


def targets(found: Any) -> list[Target]:
    claim = "memory: what a get loses from 1 to 16 threads, beside what a read of a bare dictionary loses"
    return [Target(claim, 1.05, found["loss"]["beside"]["median"])]


if __name__ == "__main__":
    alone(run, render)
