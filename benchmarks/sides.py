"""The two sides of a comparison, and the work that both are given."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import count as counting
from typing import Any

from benchmarks import floor
from cross_auth import create_session, delete_session, get_session
from cross_auth._records import SKEW

MAX_AGE = 86400
TABLE = "by_library"  # where a server keeps what the library writes
Rows = list[tuple[str, str, int]]  # key, value or member, time to live
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


_numbers = counting()


def user_ids(count: int) -> list[str]:
    """Return users who are new, so that none has more sessions than another."""
    return [f"user-{next(_numbers):09}" for _ in range(count)]


def tables(name: str) -> str:
    """Return what SQL names both tables of a storage by: the values' and the members'."""
    return f"{name}, {name}_members"


def records(count: int) -> tuple[list[str], Rows, Rows]:
    """Return ids, and for each what a storage is given: a record, and an entry in the index of its user."""
    memory = floor.Memory({}, {})
    ids = [floor.create_in_memory(user_id, memory)[0] for user_id in user_ids(count)]
    members = [(user, handle, MAX_AGE + SKEW) for user, handles in memory.users.items() for handle in handles]
    return ids, [(key, value, MAX_AGE) for key, (value, _) in memory.entries.items()], members


def filling(put: Callable[[Rows, Rows], object]) -> Fill:
    """Return a fill that puts all records and all entries of the index at once."""

    def fill(count: int) -> list[str]:
        ids, rows, members = records(count)
        put(rows, members)
        return ids

    return fill
