"""How many awaited operations a second many tasks do, beside as many tasks that do the same work by hand.

Run ``python -m benchmarks.tasks``; the shorter ``--quick`` is for a first look.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from benchmarks.alone import alone
from benchmarks.backends import AWAITED, available
from benchmarks.bench import Bench
from benchmarks.rounds import compare
from benchmarks.sides import Pair, Side, user_ids
from benchmarks.table import left_out, table
from benchmarks.throughput import cell, told

TASKS = (1, 64)
OPERATIONS = ("get", "create")
BLOCK, QUICK_BLOCK = 0.05e9, 0.01e9  # nanoseconds that one side works before it is the other's turn


def run(bench: Bench) -> Any:
    rounds, block = bench.rounds(15, 2), QUICK_BLOCK if bench.quick else BLOCK
    rows: list[dict[str, Any]] = []
    skipped: dict[str, str] = {}
    for name, backend in available(AWAITED, bench.only, skipped):
        with backend.open(bench.folder, bench.servers) as pair:
            for row in measure(pair, rounds, block):
                print(told(name, row, "tasks"), flush=True)
                rows.append({"storage": name, **row})
    return {"rounds": rounds, "rows": rows, "skipped": skipped}


def measure(pair: Pair, rounds: int, block: float) -> Iterator[dict[str, Any]]:
    with pair.library.open() as ours, pair.floor.open() as theirs:
        for operation in OPERATIONS:
            for tasks in TASKS:
                once = _turn(pair.floor, theirs, operation, tasks, 4 * tasks)(0)
                count = max(tasks, int(block / once) // tasks * tasks)
                library = _turn(pair.library, ours, operation, tasks, count)
                floor = _turn(pair.floor, theirs, operation, tasks, count)
                library(0)  # every connection that so many tasks need is there before the time counts
                found = compare(library, floor, rounds, count)
                yield {"operation": operation, "workers": tasks, **asdict(found)}


def _turn(side: Side, store: Any, operation: str, tasks: int, count: int) -> Callable[[int], float]:
    """Return what is timed in every round; a read consumes nothing, so that all rounds read the same sessions."""
    arguments = side.fill(count) if operation == "get" else user_ids(count)
    return lambda _: side.nanoseconds(operation, arguments, store, tasks)


REMARKS = """
What bounds it:

* One event loop runs on one processor; tasks help where a call waits for a server.
* In memory no call waits, so that more tasks change nothing.
"""


def render(found: Any) -> str:
    cells = {(row["storage"], row["operation"], row["workers"]): cell(row) for row in found["rows"]}
    rows = [
        [storage, operation, *(cells[storage, operation, tasks] for tasks in TASKS)]
        for storage, operation in dict.fromkeys((row["storage"], row["operation"]) for row in found["rows"])
    ]
    return f"""## With tasks

Awaited calls a second of all tasks of one event loop together, the median of {found["rounds"]} rounds.
Beside it stands how many times those of the floor, awaited by as many tasks.

{table(["Storage", "Operation", "1 task", "64 tasks"], rows)}
{left_out(found["skipped"])}{REMARKS}"""


if __name__ == "__main__":
    alone(run, render)
