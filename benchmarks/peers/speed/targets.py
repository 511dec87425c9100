"""What this library claims of its speed beside its peers, held to what was measured."""

from collections.abc import Iterator
from typing import Any

from benchmarks.bench import Target
from benchmarks.peers.speed.entrants import NO

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


def _peers(stores: dict[str, Any], store: str) -> list[Side]:
    sides = stores.get(store, {"sides": []})["sides"]
    return [side for side in sides if side["peer"] and not side["reason"]]


def does_the_same(side: Side) -> bool:
    """Tell whether a side hides the id at rest, checks what it loads, and ends a session by its own clock."""
    return NO not in (side["does"]["hashes"], side["does"]["validates"]) and bool(side["own_clock"])


def _nearest(claim: str, limit: float, sides: list[Side], operation: str) -> Iterator[Target]:
    """Yield the claim about the fastest of the sides; nothing is claimed where none was measured."""
    ratios = {side["name"]: float(side["operations"][operation]["ratio"]["median"]) for side in sides}
    if ratios:
        nearest = min(ratios, key=lambda name: ratios[name])
        yield Target(f"{claim} ({nearest})", limit, ratios[nearest], at_least=True)
