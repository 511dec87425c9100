"""How the time of a call grows with the number of stored sessions.

Run ``python -m benchmarks.growth``; the shorter ``--quick`` is for a first look.
"""

from contextlib import ExitStack
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.alone import alone
from benchmarks.backends import available
from benchmarks.bench import Bench, Target
from benchmarks.growth_turns import BATCH, TURNS, filled_with, operations_of
from benchmarks.plot import Point, lines
from benchmarks.rounds import Quartiles, in_turns, quartiles
from benchmarks.stores import STORES, Stores
from benchmarks.table import digits, ratio, table

MEASURED = ("memory", "SQLite FULL", "Redis TCP", "PostgreSQL TCP")
SIZES, QUICK_SIZES = (10_000, 100_000, 1_000_000), (1_000, 10_000)
LIMITS = {"memory": 1.5, "SQLite FULL": 2.0, "Redis TCP": 1.15}  # of a get at the most sessions to one at the fewest


@dataclass(frozen=True)
class Growth:
    """Hold nanoseconds a call by the number of sessions, and their ratios to the fewest within one round."""

    storage: str
    operation: str
    operations: int
    calls: dict[str, Quartiles]
    ratios: dict[str, Quartiles]


def run(bench: Bench) -> Any:
    sizes = QUICK_SIZES if bench.quick else SIZES
    rounds = bench.rounds(15, 3)
    rows: list[dict[str, Any]] = []
    skipped: dict[str, str] = {}
    for name, backend in available({name: STORES[name] for name in MEASURED}, bench.only, skipped):
        with backend.open(bench.folder, bench.servers) as stores:
            for growth in measure(name, stores, sizes, rounds):
                rows.append(asdict(growth))
                print(line(rows[-1]), flush=True)
    return {"rounds": rounds, "sizes": list(sizes), "rows": rows, "skipped": skipped}


def measure(name: str, stores: Stores, sizes: tuple[int, ...], rounds: int) -> list[Growth]:
    with ExitStack() as stack:
        opened = [stack.enter_context(stores.open(number)) for number in range(len(sizes))]
        filled = [(each[0], filled_with(each, size)) for each, size in zip(opened, sizes, strict=True)]
        counts = {operation: operations_of(make(*filled[0], BATCH)) for operation, make in TURNS.items()}
        turns = [make(*each, counts[operation]) for operation, make in TURNS.items() for each in filled]
        spent = in_turns(turns, rounds)
    return [
        _growth(name, operation, counts[operation], dict(zip(map(str, sizes), spent[start:], strict=False)))
        for operation, start in zip(TURNS, (0, len(sizes)), strict=True)
    ]


def _growth(name: str, operation: str, operations: int, spent: dict[str, list[float]]) -> Growth:
    fewest = next(iter(spent.values()))
    ratios = {size: [one / other for one, other in zip(each, fewest, strict=True)] for size, each in spent.items()}
    by_size = [{size: quartiles(each) for size, each in found.items()} for found in (spent, ratios)]
    return Growth(name, operation, operations, *by_size)


def line(row: Any) -> str:
    times = [f"{int(size):>9,}: {each['median'] / 1e3:>7.2f} µs" for size, each in row["calls"].items()]
    return f"{row['storage']:<16}{row['operation']:<8}{'  '.join(times)}  {ratio(list(row['ratios'].values())[-1])}"


def render(found: Any) -> str:
    sizes = [str(size) for size in found["sizes"]]
    head = ["storage, call", *(f"{int(size):,}" for size in sizes), *(f"{int(size):,}, ratio" for size in sizes[1:])]
    rows = [
        [
            f"{row['storage']}, {row['operation']}",
            *(digits(row["calls"][size]["median"] / 1e3) for size in sizes),
            *(ratio(row["ratios"][size]) for size in sizes[1:]),
        ]
        for row in found["rows"]
    ]
    return f"""## With more sessions

Microseconds a call on stores that hold so many sessions, each of a user of its own, \
and the ratio to the fewest with its quartiles.
The stores are filled once and then take turns for {found["rounds"]} rounds; a ratio is of one round, \
and ids are drawn by chance from all that are stored.

{table(head, rows)}

* In memory and in Redis a lookup is one step however many there are; \
what grows is the share of it that the processor's caches do not hold.
* In SQLite and PostgreSQL a lookup goes down a tree, one level more for some hundred times the rows, \
and the more pages there are, the fewer are at hand.
* The sessions that a `create` made are deleted after each turn, outside the time that counts.
"""


def plots(found: Any) -> dict[str, str]:
    drawn = {
        row["storage"]: [
            Point(int(size), *(call[name] / 1e3 for name in ("median", "low", "high")))
            for size, call in row["calls"].items()
        ]
        for row in found["rows"]
        if row["operation"] == "get"
    }
    title = "A get by the number of stored sessions"
    return {"growth.svg": lines(title, "sessions", "microseconds", drawn, logarithmic=True)} if drawn else {}


def targets(found: Any) -> list[Target]:
    """Return what was to be reached at the most sessions, and what was."""
    first, last = str(found["sizes"][0]), str(found["sizes"][-1])
    return [
        Target(f"{name}: get at {int(last):,} sessions, over one at {int(first):,}", LIMITS[name], median)
        for row in found["rows"]
        for name, median in [(row["storage"], row["ratios"][last]["median"])]
        if row["operation"] == "get" and name in LIMITS
    ]


if __name__ == "__main__":
    alone(run, render)
