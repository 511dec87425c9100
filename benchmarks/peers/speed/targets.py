"""What this library claims of its speed beside its peers, held to what was measured."""

from collections.abc import Iterator
from typing import Any

from benchmarks.bench import Target
from benchmarks.peers.speed.entrants import FLOOR, NO, OURS

AHEAD, AHEAD_ON_SQLITE, AHEAD_ON_POSTGRES = 1.0, 20.0, 3.0
Side = dict[str, Any]


def targets(found: dict[str, Any]) -> list[Target]:
    return list(_targets(found["stores"]))


def _targets(stores: dict[str, Any]) -> Iterator[Target]:
    for store in ("memory", "Redis"):
        same = [side for side in _peers(stores, store) if does_the_same(side)]
        for operation in ("create", "get", "delete"):
            claim = f"{store}: {operation} is faster than that of every peer that hashes, validates and expires"
            yield from _nearest(claim, AHEAD, same, operation)
    # Files are in the same table, and have no journal.
    on_sqlite = [side for side in _peers(stores, "SQLite") if side["hello"].get("journal_mode")]
    claim = f"SQLite: get is {AHEAD_ON_SQLITE:g} times as fast as that of the nearest peer on SQLite"
    yield from _nearest(claim, AHEAD_ON_SQLITE, on_sqlite, "get")
    claim = f"PostgreSQL: get is {AHEAD_ON_POSTGRES:g} times as fast as that of the nearest peer"
    yield from _nearest(claim, AHEAD_ON_POSTGRES, _peers(stores, "PostgreSQL"), "get")
    for store in ("Redis", "PostgreSQL"):
        yield from _as_often(store, {side["name"]: side["calls"] for side in _measured(stores, store)})


def _measured(stores: dict[str, Any], store: str) -> list[Side]:
    return [side for side in stores.get(store, {"sides": []})["sides"] if not side["reason"]]


def _peers(stores: dict[str, Any], store: str) -> list[Side]:
    return [side for side in _measured(stores, store) if side["peer"]]


def does_the_same(side: Side) -> bool:
    """Tell whether a side hides the id at rest, checks what it loads, and ends a session by its own clock."""
    return NO not in (side["does"]["hashes"], side["does"]["validates"]) and bool(side["own_clock"])


def _as_often(store: str, calls: dict[str, dict[str, int]]) -> Iterator[Target]:
    """Yield that the library calls a server as often as the work by hand, for each operation."""
    if {FLOOR.name, OURS.name} <= calls.keys():
        for operation, by_hand in calls[FLOOR.name].items():
            claim = f"{store}: calls that the server gets for {operation}, where the floor makes {by_hand}"
            yield Target(claim, by_hand, calls[OURS.name][operation])


def _nearest(claim: str, limit: float, sides: list[Side], operation: str) -> Iterator[Target]:
    """Yield the claim about the fastest of the sides; nothing is claimed where none was measured."""
    ratios = {side["name"]: float(side["operations"][operation]["ratio"]["median"]) for side in sides}
    if ratios:
        nearest = min(ratios, key=lambda name: ratios[name])
        yield Target(f"{claim} ({nearest})", limit, ratios[nearest], at_least=True)
