"""The two sides of a comparison, and the work that both are given."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import count as counting
from time import time_ns
from typing import Any

from benchmarks import floor
from benchmarks.rounds import awaited_nanoseconds, nanoseconds
from cross_auth import aio, create_session, delete_session, get_session
from cross_auth._records import SKEW

MAX_AGE = 86400
TABLE = "by_library"  # where a server keeps what the library writes
Rows = list[tuple[str, str, int]]  # key, value or member, time to live
Put = Callable[[Rows, Rows], object]  # writes all records and all entries of the index at once
Operations = dict[str, Callable[..., object]]
OURS: Operations = {"create": create_session, "get": get_session, "delete": delete_session}
OURS_AWAITED: Operations = {"create": aio.create_session, "get": aio.get_session, "delete": aio.delete_session}


@dataclass(frozen=True)
class Side:
    """One way to do the work: what each operation calls, on a store that each thread opens; awaited with a runner."""

    operations: Operations
    open: Callable[[], AbstractContextManager[Any]]
    put: Put
    runner: asyncio.Runner | None = None

    def fill(self, count: int) -> list[str]:
        """Put so many new sessions in a store and return their ids."""
        ids, rows, members = records(count)
        self.put(rows, members)
        return ids

    def call(self, name: str, argument: str, store: Any) -> Any:
        return self.done(self.operations[name](argument, store))

    def done(self, found: Any) -> Any:
        """Return what an operation returned, once it has been awaited where it is to be."""
        return self.runner.run(found) if self.runner else found

    def nanoseconds(self, name: str, arguments: Sequence[str], store: Any, tasks: int = 1) -> float:
        """Return how long one operation takes on average, done by so many tasks if it is awaited."""
        return self.timed(self.operations[name], arguments, store, tasks)

    def timed(self, operation: Any, arguments: Sequence[str], store: Any, tasks: int = 1) -> float:
        """Do the same with an operation that is not one of the three."""
        if self.runner is None:
            return nanoseconds(operation, arguments, store)
        return self.runner.run(awaited_nanoseconds(operation, arguments, store, tasks))


@dataclass(frozen=True)
class Pair:
    library: Side
    floor: Side


def ending(rows: Rows) -> Iterator[tuple[str, str, int]]:
    """Yield when each row ends, in microseconds since 1970, one after the other as log-ins come in.

    An index of rows that end at the same moment is smaller in PostgreSQL and larger in MariaDB than theirs.
    """
    now = time_ns() // 1000
    for number, (key, text, ttl) in enumerate(rows):
        yield key, text, now + number + ttl * 1_000_000


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
