"""How much create, get and delete cost over the same work written by hand without a check.

Run ``python -m benchmarks.against_the_floor``; the shorter ``--quick`` is for a first look.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from benchmarks.alone import alone
from benchmarks.backends import AWAITED, BACKENDS, available
from benchmarks.bench import Bench, Target
from benchmarks.calls import asked_of_one
from benchmarks.plot import Bar, bars
from benchmarks.rounds import Comparison, compare
from benchmarks.sides import OURS, Pair, Side, user_ids
from benchmarks.table import digits, left_out, ratio, table

BLOCK = 5e6  # nanoseconds that one side works before it is the other's turn; less than fills SQLite's log
BATCH = 64  # the library removes expired rows at every sixty-fourth write
LIMITS = (  # storage, operation, and how many times the floor it may take
    ("memory", "get", 1.05),
    *(("SQLite FULL", operation, 1.05) for operation in ("get", "create", "delete")),
    *(("Redis TCP", operation, 1.03) for operation in ("get", "create", "delete")),
    ("PostgreSQL TCP", "get", 1.10),
)


def run(bench: Bench) -> Any:
    rounds = bench.rounds(31, 2)
    rows: list[dict[str, Any]] = []
    skipped: dict[str, str] = {}
    print(f"{rounds} rounds\n{HEAD}", flush=True)
    for name, backend in available({**BACKENDS, **AWAITED}, bench.only, skipped):
        with backend.open(bench.folder, bench.servers) as pair:
            for operation, found in each_operation(pair, bench, rounds):
                print(line(name, operation, found), flush=True)
                rows.append({"storage": name, "operation": operation, **asdict(found)})
    return {"rounds": rounds, "calls": {name: asked_of_one(name) for name in OURS}, "rows": rows, "skipped": skipped}


def each_operation(pair: Pair, bench: Bench, rounds: int) -> Iterator[tuple[str, Comparison]]:
    warm = BATCH * bench.rounds(10, 1)
    with pair.library.open() as ours, pair.floor.open() as theirs:
        for name in OURS:
            library, by_hand = _work(name, pair.library, ours), _work(name, pair.floor, theirs)
            library(warm)
            operations = max(BATCH, int(BLOCK / by_hand(warm))) // BATCH * BATCH
            yield name, compare(library, by_hand, rounds, operations)


def _work(name: str, side: Side, store: Any) -> Callable[[int], float]:
    def work(count: int) -> float:
        ids = side.fill(count)
        assert side.call("get", ids[0], store) is not None  # what is not found is not parsed
        return side.nanoseconds(name, user_ids(count) if name == "create" else ids, store)

    return work


HEAD = (
    f"{'storage':<38}{'operation':<10}{'library µs':>12}{'floor µs':>11}"
    f"{'ratio':>8} {'quartiles':<14}{'over µs':>8}  quartiles"
)


def line(storage: str, operation: str, found: Comparison) -> str:
    times, over = found.ratio, found.over
    return (
        f"{storage:<38}{operation:<10}{found.library.median / 1e3:>12.2f}{found.floor.median / 1e3:>11.2f}"
        f"{times.median:>8.3f} {f'{times.low:.3f}-{times.high:.3f}':<14}"
        f"{over.median / 1e3:>8.2f}  {over.low / 1e3:.2f} to {over.high / 1e3:.2f}"
    )


REMARKS = """
What bounds it:

* In memory a call takes microseconds: checks, a line of the log and the queue of deadlines show in the ratio.
* On SQLite at `FULL` every write waits for the disk, and on a server every call for the way there and back.
* On PostgreSQL the library borrows a connection for each storage call, the floor once for both.
* SQLAlchemy is compared with the raw driver: what SQLAlchemy itself does is part of the ratio.
* An awaited row is compared with the same work awaited by hand, one call after the other.
"""


def render(found: Any) -> str:
    return f"""## Beside the work written by hand

Microseconds a call, the median of {found["rounds"]} rounds, and its ratio to the floor with the ratio's quartiles.
The floor makes the same storage calls with the raw client, and checks nothing.
It hashes the id, reads the clock, and parses or dumps the record with Pydantic, as the library does.

{rows(found)}
{left_out(found["skipped"])}{REMARKS}"""


def rows(found: Any) -> str:
    """Return a table with a row a storage and a column an operation."""
    by_storage: dict[str, dict[str, str]] = {}
    for row in found["rows"]:
        cell = f"{digits(row['library']['median'] / 1e3)} µs, {ratio(row['ratio'])}"
        by_storage.setdefault(row["storage"], {})[row["operation"]] = cell
    head = [f"{name}: {' + '.join(f'`{call}`' for call in found['calls'][name])}" for name in OURS]
    return table(["Storage", *head], [[name, *(cells[each] for each in OURS)] for name, cells in by_storage.items()])


def plots(found: Any) -> dict[str, str]:
    shown = [row for row in found["rows"] if "SQLAlchemy" not in row["storage"]]
    drawn = [Bar(row["storage"], row["operation"], **row["ratio"]) for row in shown]
    return {
        "floor.svg": bars(
            "create, get and delete beside the floor",
            "times the floor: the median of the rounds, and its quartiles",
            drawn,
            base=1.0,
        )
    }


def targets(found: Any) -> list[Target]:
    medians = {(row["storage"], row["operation"]): row["ratio"]["median"] for row in found["rows"]}
    return [
        Target(f"{storage}: {operation} beside the floor", limit, medians[storage, operation])
        for storage, operation, limit in LIMITS
        if (storage, operation) in medians
    ]


if __name__ == "__main__":
    alone(run, render)
