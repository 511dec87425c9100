"""What a get in memory is made of, line by line, and what a look-up saves that leaves lines out.

Run ``python -m benchmarks.lines_of_a_get``; the shorter ``--quick`` is for a first look.
"""

import gc
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from time import perf_counter_ns
from typing import Any

from benchmarks.alone import alone
from benchmarks.bench import Bench
from benchmarks.rounds import Quartiles, in_turns, less, quartiles
from benchmarks.sides import MAX_AGE, records
from benchmarks.table import digits, table
from cross_auth import get_session
from cross_auth._arguments import is_session_id
from cross_auth._records import _validate_record, decode, handle_of, record_key
from cross_auth.storage.memory import MemoryStorage

CALLS = 500
WHOLE = "all of `get_session`"
CALL = "the call, and the types of its arguments"
FORM = "is it an id: 43 characters of its alphabet"
HASH = "SHA-256 of the id, and the key made of it"
LOOK_UP = "`storage.get`: the look-up, and the end of the entry"
PARSE = "Pydantic parses and validates the record"
CHECK = "is the record this session's, and is the session live"
LINES = (CALL, FORM, HASH, LOOK_UP, PARSE, CHECK)
LOADS, BARE = "`json.loads` of the record", "a look-up in a bare dictionary"


def run(bench: Bench) -> Any:
    rounds = bench.rounds(101, 11)
    works = _works()
    found = dict(zip(works, in_turns(list(works.values()), rounds), strict=True))
    told = {name: quartiles(values) for name, values in _lines(found).items()}
    for name, each in told.items():
        print(f"{name:<56}{each.median:>7.0f} ns  {each.low:.0f} to {each.high:.0f}", flush=True)
    return {"rounds": rounds, "lines": {name: asdict(each) for name, each in told.items()}}


def _works() -> dict[str, Callable[[], float]]:
    """Return what times each part of a get over the same sessions."""
    storage, entries = MemoryStorage(), {}
    ids, rows, _ = records(CALLS)
    for key, value, _ in rows:
        storage.set(key, value, ttl=MAX_AGE)
        entries[key] = value
    handles, keys, values = [handle_of(each) for each in ids], [row[0] for row in rows], [row[1] for row in rows]
    return {
        "nothing": _timing(lambda _: None, ids),
        WHOLE: _timing(lambda session_id: get_session(session_id, storage), ids),
        FORM: _timing(lambda session_id: is_session_id(session_id), ids),
        HASH: _timing(lambda session_id: record_key(handle_of(session_id)), ids),
        LOOK_UP: _timing(lambda key: storage.get(key), keys),
        PARSE: _timing(lambda value: _validate_record(value), values),
        CHECK: _timing(lambda both: decode(both[0], both[1]), list(zip(handles, values, strict=True))),
        LOADS: _timing(lambda value: json.loads(value), values),
        BARE: _timing(lambda key: entries.get(key), keys),
    }


def _timing(part: Callable[[Any], object], given: Sequence[Any]) -> Callable[[], float]:
    def nanoseconds() -> float:
        gc.disable()
        start = perf_counter_ns()
        for each in given:
            part(each)
        elapsed = perf_counter_ns() - start
        gc.enable()
        return elapsed / len(given)

    return nanoseconds


def _lines(found: dict[str, list[float]]) -> dict[str, list[float]]:
    """Return the nanoseconds of each line, round by round: without the loop, and none of them twice."""
    nothing = found.pop("nothing")
    own = {name: less(values, nothing) for name, values in found.items()}
    own[CHECK] = less(own[CHECK], own[PARSE])
    parts = [own[name] for name in LINES if name != CALL]
    return {**own, CALL: less(own[WHOLE], map(sum, zip(*parts, strict=True)))}


def render(found: Any) -> str:
    told = {name: Quartiles(**each) for name, each in found["lines"].items()}
    rows = [[name, digits(told[name].median), _share(told, name)] for name in LINES]
    others = [[name, digits(told[name].median), _share(told, name)] for name in (LOADS, BARE)]
    return f"""## A get in memory, line by line

Nanoseconds of each line of `get_session` in memory, the median of {found["rounds"]} rounds, and its share of the whole.
The first is what is left of the whole beside the others.

{table(["Line", "ns", "share"], [*rows, [WHOLE, digits(told[WHOLE].median), "100 %"]])}

What others do in their place:

{table(["Line", "ns", "share"], others)}

{chr(10).join(f"* {each}" for each in _savings(told))}
"""


def _share(told: dict[str, Quartiles], name: str) -> str:
    return f"{100 * told[name].median / told[WHOLE].median:.0f} %"


def _savings(told: dict[str, Quartiles]) -> list[str]:
    def of(*names: str) -> float:
        return sum(told[name].median for name in names)

    parsing = of(PARSE) - of(LOADS)
    saves = f"{digits(parsing)} ns less" if parsing > 0 else f"{digits(-parsing)} ns more"
    return [
        f"Who keeps the id as it is saves {digits(of(HASH))} ns, and shows every session to a reader of the store.",
        f"Who parses without validating takes {saves}, and learns of a broken record where it is used.",
        f"Who leaves the end of a session to the store alone saves a part of the last line, {digits(of(CHECK))} ns.",
        f"Who looks neither at arguments nor at the form of the id saves {digits(of(CALL, FORM))} ns at most.",
        "[Other libraries](#in-memory) that are faster leave out lines of this table; the tables there say which.",
    ]


if __name__ == "__main__":
    alone(run, render)
