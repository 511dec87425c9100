"""The pool of a PostgreSQL storage, which belongs to one process."""

import os
from collections.abc import Callable
from typing import Any, Generic, TypeVar
from weakref import WeakSet

from psycopg_pool import AsyncConnectionPool, ConnectionPool

from cross_auth._protocols import StorageError

Pool = TypeVar("Pool", bound=ConnectionPool[Any] | AsyncConnectionPool[Any])


class PoolOfProcess(Generic[Pool]):
    """Hold a pool that is the caller's, or one that ``make`` makes for each process."""

    def __init__(self, pool: Pool, make: Callable[[], Pool] | None = None) -> None:
        self._pool = pool
        self._make = make
        self._of_the_parent: Pool | None = None
        self.owned = make is not None
        _everywhere.add(self)

    def get(self) -> Pool:
        if self._pool is self._of_the_parent:
            raise StorageError("PostgreSQL: the pool was open when this process was forked: open one after the fork")
        return self._pool

    def after_fork_in_child(self) -> None:
        """Leave an open pool to the parent, which shares its sockets; what serves it there is not in this process."""
        if not self._pool.closed:
            self._of_the_parent = self._pool  # kept, so that nothing of it is closed from here
            self._pool = self._make() if self._make else self._pool


_everywhere: WeakSet[PoolOfProcess[Any]] = WeakSet()


def _after_fork_in_child() -> None:
    for pool in list(_everywhere):
        pool.after_fork_in_child()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
