"""The two sides of a comparison, and the work that both are given."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from benchmarks import floor
from cross_auth import create_session, delete_session, get_session

MAX_AGE = 86400
TABLE = "by_library"  # where a server keeps what the library writes
Rows = list[tuple[str, str, int]]  # key, value, time to live
Fill = Callable[[int], list[str]]  # puts so many new sessions in a store and returns their ids
Operations = dict[str, Callable[..., object]]
OURS: Operations = {"create": create_session, "get": get_session, "delete": delete_session}


@dataclass(frozen=True)
class Side:
    """One way to do the work: what each operation calls, on a store that each thread opens."""

    operations: Operations
    open: Callable[[], AbstractContextManager[Any]]
    fill: Fill


@dataclass(frozen=True)
class Pair:
    library: Side
    floor: Side


def user_ids(count: int) -> list[str]:
    return [f"user-{number}" for number in range(count)]


def records(count: int) -> tuple[list[str], Rows]:
    """Return ids, and for each what a storage is given."""
    entries: floor.Entries = {}
    ids = [floor.create_in_memory(user_id, entries)[0] for user_id in user_ids(count)]
    return ids, [(key, value, MAX_AGE) for key, (value, _) in entries.items()]


def filling(put: Callable[[Rows], object]) -> Fill:
    """Return a fill that puts all records at once."""

    def fill(count: int) -> list[str]:
        ids, rows = records(count)
        put(rows)
        return ids

    return fill
