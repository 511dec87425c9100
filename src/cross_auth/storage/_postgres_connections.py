"""Connections to PostgreSQL from a pool, for many threads and for the children of a fork."""

import os
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any
from weakref import WeakSet

import psycopg
from psycopg.pq import ExecStatus
from psycopg.rows import tuple_row
from psycopg_pool import ConnectionPool

from cross_auth._protocols import StorageError
from cross_auth.storage._psycopg_bounds import bound, is_lost, unbound

Pool = ConnectionPool[Any]


class Connections:
    """Run statements on connections of a pool: the caller's, or one that ``make`` makes for each process."""

    def __init__(self, pool: Pool, timeout: float, make: Callable[[], Pool] | None = None) -> None:
        self._pool = pool
        self._timeout = timeout
        self._make = make
        self._of_the_parent: Pool | None = None
        _everywhere.add(self)

    def execute(self, statement: bytes, arguments: Sequence[object] | None = None) -> tuple[Any, ...] | None:
        """Return the first row if there is one, once what was done is committed."""
        pool, connection = self._take()
        bound(connection, self._timeout)
        try:
            cursor = psycopg.Cursor(connection, row_factory=tuple_row)
            cursor.execute(statement, arguments)
            result = cursor.pgresult
            row = cursor.fetchone() if result and result.status == ExecStatus.TUPLES_OK else None
            if not connection.autocommit:
                connection.commit()
            return row
        finally:
            unbound(connection)
            pool.putconn(connection)

    def _take(self) -> tuple[Pool, psycopg.Connection[Any]]:
        """Return a connection that the server has not closed meanwhile: after its restart all of them are."""
        pool = self._pool
        if pool is self._of_the_parent:
            raise StorageError("PostgreSQL: the pool was open when this process was forked: open one after the fork")
        if self._make and pool.closed:
            pool.open()
        deadline = monotonic() + self._timeout
        while is_lost(connection := pool.getconn(deadline - monotonic())):
            pool.putconn(connection)
        return pool, connection

    def knock(self) -> None:
        """Connect once without the pool of this storage: the pool keeps to itself why it cannot."""
        if self._make and isinstance(self._pool.kwargs, dict):
            psycopg.connect(str(self._pool.conninfo), **self._pool.kwargs).close()

    def close(self) -> None:
        """Close the pool if ``make`` made it."""
        if self._make:
            self._pool.close()

    def after_fork_in_child(self) -> None:
        """Leave an open pool to the parent, which shares its sockets; its threads are not in this process."""
        if not self._pool.closed:
            self._of_the_parent = self._pool  # kept, so that nothing of it is closed from here
            self._pool = self._make() if self._make else self._pool


_everywhere: WeakSet[Connections] = WeakSet()


def _after_fork_in_child() -> None:
    for connections in list(_everywhere):
        connections.after_fork_in_child()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
