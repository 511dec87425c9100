"""Where a create and a delete spend what the work by hand does not take: in the storage, or in the functions above it.

Run ``python -m benchmarks.parts_of_a_write``; the shorter ``--quick`` is for a first look.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from operator import add
from typing import Any

from benchmarks.alone import alone
from benchmarks.backends import BACKENDS, available
from benchmarks.bench import Bench
from benchmarks.raw import RAW
from benchmarks.rounds import in_turns, less, nanoseconds, quartiles
from benchmarks.sides import Pair, Side, records, user_ids
from benchmarks.table import digits, left_out, table

MEASURED = ("memory", "SQLite FULL", "Redis TCP", "PostgreSQL TCP")
BLOCK = 5e6  # nanoseconds of each turn; less than fills SQLite's log
BATCH = 64  # the library removes expired rows at every sixty-fourth write
RAW_CALLS, BY_HAND, IN_STORAGE, IN_FUNCTIONS = "raw calls", "work by hand", "the storage adds", "the functions add"
WHOLE = "whole"
Stored = tuple[tuple[str, str, int], tuple[str, str, int]]  # a record, and its entry in the index
Turn = Callable[[int], float]


def _create(stored: Stored, store: Any) -> None:
    record, member = stored
    store.add(*member)
    store.set(*record)


def _delete(stored: Stored, store: Any) -> None:
    (key, _, _), (user, handle, _) = stored
    store.pop(key)
    store.discard(user, handle)


CALLS: dict[str, Callable[[Stored, Any], None]] = {"create": _create, "delete": _delete}


def run(bench: Bench) -> Any:
    rounds = bench.rounds(41, 2)
    rows: list[dict[str, Any]] = []
    skipped: dict[str, str] = {}
    for name, backend in available({name: BACKENDS[name] for name in MEASURED}, bench.only, skipped):
        with (
            backend.open(bench.folder, bench.servers) as pair,
            pair.library.open() as storage,
            pair.floor.open() as client,
        ):
            for operation in CALLS:
                turns = turns_of(operation, pair, storage, client, RAW[name](client))
                parts = {part: asdict(quartiles(values)) for part, values in parts_of(measured(turns, rounds)).items()}
                rows.append({"storage": name, "operation": operation, "parts": parts})
                print(line(rows[-1]), flush=True)
    return {"rounds": rounds, "rows": rows, "skipped": skipped}


def turns_of(operation: str, pair: Pair, storage: Any, client: Any, raw: Any) -> list[Turn]:
    """Return what times the raw calls, the storage's, the floor and the function, each on sessions of its own."""

    def calls(side: Side, store: Any) -> Turn:
        return lambda count: nanoseconds(CALLS[operation], _stored(operation, side, count), store)

    def whole(side: Side, store: Any) -> Turn:
        return lambda count: side.nanoseconds(
            operation, user_ids(count) if operation == "create" else side.fill(count), store
        )

    return [
        calls(pair.floor, raw),
        calls(pair.library, storage),
        whole(pair.floor, client),
        whole(pair.library, storage),
    ]


def _stored(operation: str, side: Side, count: int) -> Sequence[Stored]:
    """Return what is to be stored, or what is stored already where it is to be deleted."""
    _, rows, members = records(count)
    if operation == "delete":
        side.put(rows, members)
    return list(zip(rows, members, strict=True))


def measured(turns: list[Turn], rounds: int) -> list[list[float]]:
    for turn in turns:
        turn(BATCH)  # so that no side starts cold
    count = max(BATCH, int(BLOCK / turns[0](BATCH)) // BATCH * BATCH)
    return in_turns([partial(turn, count) for turn in turns], rounds)


def parts_of(found: list[list[float]]) -> dict[str, list[float]]:
    """Return nanoseconds of each part, round by round: none holds another, and together they are the whole."""
    raw, storage, floor, whole = found
    adds = less(storage, raw)
    return {
        RAW_CALLS: raw,
        BY_HAND: less(floor, raw),
        IN_STORAGE: adds,
        IN_FUNCTIONS: less(whole, map(add, floor, adds)),
        WHOLE: whole,
    }


def line(row: Any) -> str:
    told = ", ".join(f"{part} {each['median'] / 1e3:.2f} µs" for part, each in row["parts"].items())
    return f"{row['storage']:<20}{row['operation']:<8}{told}"


def render(found: Any) -> str:
    rows = [
        [f"{row['storage']}, {row['operation']}", *(_cell(each) for each in row["parts"].values())]
        for row in found["rows"]
    ]
    head = list(found["rows"][0]["parts"]) if found["rows"] else []
    return f"""## The parts of a write

Microseconds of each part of `create_session` and `delete_session`, the median of {found["rounds"]} rounds \
with the quartiles, all parts in turns.
The first two are the floor: the calls of the client alone, and the hashes, the clock and Pydantic around them.
The next two are what a storage adds to the client's calls, and what the functions add to the rest.

{table(["storage, call", *head], rows)}
{left_out(found["skipped"])}
* A storage adds its checks, locks, a connection that is borrowed for each call, and the removal of expired sessions.
* The functions add their checks, a step through the operation and a line of the log: the same lines on every storage.
* The parts are medians of their own, so that a row adds up to its last cell but for the noise of the machine; \
a part whose quartiles lie on both sides of nothing is less than that noise.
"""


def _cell(part: Any) -> str:
    median, low, high = (part[name] / 1e3 for name in ("median", "low", "high"))
    return f"{digits(median)} ({digits(low)} to {digits(high)})"


if __name__ == "__main__":
    alone(run, render)
