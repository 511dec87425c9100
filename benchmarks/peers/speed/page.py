"""What was measured, as a page and as a terminal show it."""

from collections.abc import Iterator
from typing import Any

from benchmarks.peers.speed.measured import OPERATIONS
from benchmarks.peers.speed.prose import HEAD, REMARKS, TITLES, UNMET
from benchmarks.peers.speed.targets import targets
from benchmarks.plot import Bar, bars
from benchmarks.table import digits, table

Side = dict[str, Any]
FACTS = ("Hashes the id", "Checks what it loads", "Ends it by its own clock", "A request that reads writes", "Keeps")
CALLS = "Calls to create, get, delete"


def render(found: dict[str, Any]) -> str:
    parts = [HEAD.format(**found)]
    for store, seen in found["stores"].items():
        parts += [f"### {TITLES[store]}", *_part(store, seen)]
    parts += list(_beside(found["stores"]))
    unmet = [target for target in targets(found) if not target.met]
    parts += [f"Not met: {each.claim}. {UNMET[each.claim.partition(':')[0]]}" for each in unmet]
    return "\n\n".join(parts) + "\n"


def _part(store: str, seen: dict[str, Any]) -> Iterator[str]:
    if seen["reason"]:
        yield f"Not measured: {seen['reason']}."
        return
    ran = [side for side in seen["sides"] if not side["reason"]]
    failed = [side for side in seen["sides"] if side["reason"]]
    yield table(["", *OPERATIONS], [[_named(side), *_cells(side)] for side in ran])
    if failed:
        yield "\n".join(f"* {side['name']} could not be measured: `{side['reason']}`." for side in failed)
    yield REMARKS[store]
    counted = any(side["calls"] for side in ran)
    head = ["", *FACTS, *([CALLS] if counted else [])]
    rows = [head, ["---"] * len(head), *([side["name"], *_facts(side)] for side in ran)]
    yield "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _beside(stores: dict[str, Any]) -> Iterator[str]:
    """Yield what each environment had beside the libraries that are compared."""
    sides = (side for seen in stores.values() for side in seen["sides"] if not side["reason"])
    for peers, releases in {side["peer"]: side["hello"]["beside"] for side in sides}.items():
        named = ", ".join(f"{name} {version}" for name, version in releases.items())
        yield f"{'The others' if peers else 'This library'} had {named}."


def line(side: Side) -> str:
    """Return what a terminal shows of one side."""
    if side["reason"]:
        return f"{side['name']}: could not be measured: {side['reason']}"
    return f"{_named(side):<38}" + "".join(f"{cell:<27}" for cell in _cells(side)).rstrip()


def _named(side: Side) -> str:
    return f"{side['name']} {side['hello']['version']}" if side["peer"] else str(side["name"])


def _cells(side: Side) -> list[str]:
    return [_cell(side["operations"].get(name)) for name in OPERATIONS]


def _cell(seen: dict[str, Any] | None) -> str:
    if seen is None:
        return "—"
    time, ratio = digits(seen["nanoseconds"]["median"] / 1e3), seen["ratio"]
    if ratio is None:
        return time
    low, median, high = (digits(ratio[name]) for name in ("low", "median", "high"))
    return f"{time} ({median}x, {low} to {high})"


def _facts(side: Side) -> list[str]:
    does, calls = side["does"], side["calls"]
    own = "yes" if side["own_clock"] else "no"
    counts = [", ".join(str(calls[name]) for name in OPERATIONS)] if calls else []
    return [does["hashes"], does["validates"], own, does["reading"], does["format"], *counts]


def plots(found: dict[str, Any]) -> dict[str, str]:
    """Draw how long a get takes: the first row of each library on each store."""
    drawn: dict[tuple[str, str], Bar] = {}
    for store, seen in found["stores"].items():
        for side in (each for each in seen["sides"] if store != "no store" and not each["reason"]):
            group = side["name"].partition(",")[0] + (", awaited" if side["awaited"] and not side["peer"] else "")
            low, median, high = (side["operations"]["get"]["nanoseconds"][at] / 1e3 for at in ("low", "median", "high"))
            drawn.setdefault((group, store), Bar(group, TITLES[store], low, median, high))
    bars_by_library = sorted(drawn.values(), key=lambda bar: [group for group, _ in drawn].index(bar.group))
    title = "Loading a session by its id, beside other libraries"
    return {"peers.svg": bars(title, "microseconds", bars_by_library, base=1, logarithmic=True)} if drawn else {}
