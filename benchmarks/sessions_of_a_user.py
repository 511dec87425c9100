"""How long the calls take that manage sessions: idle limits, renewal, and the list of a user's sessions and its end.

Run ``python -m benchmarks.sessions_of_a_user``; the shorter ``--quick`` is for a first look.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from typing import Any

from benchmarks.alone import alone
from benchmarks.backends import AWAITED, BACKENDS, available
from benchmarks.bench import Bench
from benchmarks.calls import Counted, CountedAwaited
from benchmarks.raw import RAW
from benchmarks.raw_awaited import RAW_AWAITED
from benchmarks.rounds import compare
from benchmarks.sides import Pair, Side
from benchmarks.table import digits, left_out, ratio, table
from benchmarks.works import AWAITED_WORKS, WORKS, Work

RAWS = {**RAW, **RAW_AWAITED}
MEASURED = {name: {**BACKENDS, **AWAITED}[name] for name in RAWS}
ROUNDS, QUICK_ROUNDS = 5, 2
MANY = 1000  # sessions of a user, whom a quick run leaves out


def run(bench: Bench) -> Any:
    rounds = bench.rounds(ROUNDS, QUICK_ROUNDS)
    rows: list[dict[str, Any]] = []
    skipped: dict[str, str] = {}
    print(f"{rounds} rounds\n{'storage':<25}{'call':<28}{'library µs':>12}{'floor µs':>12}  ratio", flush=True)
    for name, backend in available(MEASURED, bench.only, skipped):
        with (
            backend.open(bench.folder, bench.servers) as pair,
            pair.library.open() as storage,
            pair.floor.open() as client,
        ):
            for row in measure(pair, storage, RAWS[name](client), bench):
                microseconds = (row[side]["median"] / 1e3 for side in ("library", "floor"))
                told = "".join(f"{each:>12.1f}" for each in microseconds)
                print(f"{name:<25}{row['call']:<28}{told}  {ratio(row['ratio'])}", flush=True)
                rows.append({"storage": name, **row})
    return {"rounds": rounds, "rows": rows, "skipped": skipped}


def measure(pair: Pair, storage: Any, raw: Any, bench: Bench) -> Iterator[dict[str, Any]]:
    for work in works(pair, bench):
        asked = _asked(work, work.operation, pair.library, storage)
        assert asked == _asked(work, work.by_hand, pair.floor, raw)  # the same calls, or the floor is another's
        library = _turn(work, work.operation, pair.library, storage)
        by_hand = _turn(work, work.by_hand, pair.floor, raw)
        found = compare(library, by_hand, bench.rounds(ROUNDS, QUICK_ROUNDS), work.calls)
        yield {"call": work.name, "sessions": work.sessions, "asked": asked, **asdict(found)}


def works(pair: Pair, bench: Bench) -> list[Work]:
    """Return what is measured; of that a quick run does a tenth of the calls, and none on many sessions."""
    whole = AWAITED_WORKS if pair.library.runner else WORKS
    few = [replace(work, calls=max(1, work.calls // 10)) for work in whole if work.sessions < MANY]
    return few if bench.quick else list(whole)


def _turn(work: Work, operation: Callable[..., object], side: Side, store: Any) -> Callable[[int], float]:
    """Return what is timed in every round; a read consumes nothing, so that all rounds read the same sessions."""
    kept = [] if work.consumes else work.prepare(side, work.calls)
    return lambda count: side.timed(operation, kept or work.prepare(side, count), store)


def _asked(work: Work, operation: Callable[..., object], side: Side, store: Any) -> dict[str, int]:
    """Return how often each method of a storage is called in one call."""
    counted = CountedAwaited(store) if side.runner else Counted(store)
    side.done(operation(*work.prepare(side, 1), counted))
    return dict(Counter(counted.names))


REMARKS = """
What bounds it:

* Each storage call of a server is a way there and back, one after the other: that is most of a list of a thousand.
* A list reads each session once, a revocation takes each out once; both grow with the number of sessions alone.
* A touch writes once a tenth of the idle limit, and reads twice in between.
"""


def render(found: Any) -> str:
    asked = {row["call"]: _told(row["asked"]) for row in found["rows"]}
    of_one, of_all = (
        [row for row in found["rows"] if (row["call"].startswith(("list", "revocation"))) is many]
        for many in (False, True)
    )
    return f"""## The sessions of a user

Microseconds a call, the median of {found["rounds"]} rounds, and its ratio to the floor.
The floor makes these storage calls with the raw client, and checks nothing:

{table(["Call", "Storage calls"], [list(each) for each in asked.items()])}

One session:

{_by_storage(of_one)}

All of a user, of whom there are so many:

{_by_storage(of_all)}
{left_out(found["skipped"])}{REMARKS}"""


def _by_storage(rows: list[Any]) -> str:
    """Return a table with a row a storage and a column a call."""
    calls = list(dict.fromkeys(row["call"] for row in rows))
    cells: dict[str, dict[str, str]] = {}
    for row in rows:
        cells.setdefault(row["storage"], {})[row["call"]] = _cell(row)
    return table(["Storage", *calls], [[name, *(found[call] for call in calls)] for name, found in cells.items()])


def _cell(row: Any) -> str:
    return f"{digits(row['library']['median'] / 1e3)} µs, {row['ratio']['median']:.2f}x"


def _told(asked: dict[str, int]) -> str:
    return ", ".join(f"`{name}`" if count == 1 else f"{count} `{name}`" for name, count in asked.items())


if __name__ == "__main__":
    alone(run, render)
