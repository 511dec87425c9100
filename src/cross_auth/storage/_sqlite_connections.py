"""The SQLite connections of one storage: one a thread, and none that outlives its thread, a fork or ``close()``.

An exception may come out of any line here, raised by a signal handler: no lock is left held and no statement open.
"""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from threading import RLock, local
from typing import Any, TypeVar
from weakref import WeakSet

from cross_auth._protocols import StorageError
from cross_auth.storage._sqlite_held import Held, close_ended, opening, shown

T = TypeVar("T")
Work = Callable[[Held, str, tuple[object, ...]], T]


class Connections:
    """Run statements on this thread's connection, which is opened when the thread first needs it.

    Every failure is a ``StorageError`` that names the file.
    """

    def __init__(self, path: Path, connect: Callable[[], sqlite3.Connection], timeout: float) -> None:
        self._path = path
        self._connect = connect
        self._timeout = timeout
        self._closed = False
        self.start()
        with opening:
            _everywhere.add(self)

    def start(self) -> None:
        """Begin without a connection."""
        self._writing = RLock()
        self._thread = local()
        self._all: WeakSet[Held] = WeakSet()
        self._anchor: Held | None = None

    def read(self, sql: str, parameters: tuple[object, ...], work: Work[Any] = Held.first_row) -> Any:
        """Run one statement and return its first row, or ``None``."""
        while True:
            held: Held = getattr(self._thread, "held", None) or self._open_for_this_thread()
            with held.lock:
                if held.open:
                    try:
                        return work(held, sql, parameters)
                    except sqlite3.Error as error:
                        failure = error
                    raise self._error(failure) from shown(failure)
            self._forget()

    def rows(self, sql: str, parameters: tuple[object, ...]) -> list[Any]:
        """Run one statement and return all its rows."""
        found: list[Any] = self.read(sql, parameters, _rows)
        return found

    def write(self, sql: str, parameters: tuple[object, ...]) -> None:
        """Run one statement in its turn."""
        self._in_turn(Held.first_row, sql, parameters)

    def change(self, sql: str, parameters: tuple[object, ...]) -> int:
        """Run one statement in its turn, and return how many rows it changed."""
        return self._in_turn(_changed, sql, parameters)

    def transaction(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run work in its turn, and commit all of it or nothing."""

        def whole(held: Held, begin: str, parameters: tuple[object, ...]) -> T:
            with held.connection as connection:
                connection.execute(begin, parameters)
                return work(connection)

        return self._in_turn(whole, "BEGIN IMMEDIATE", ())

    def close(self) -> None:
        with opening:
            self._closed = True
            self.close_all()

    def close_all(self) -> None:
        with self._writing:
            for held in list(self._all):
                held.close()
        self._anchor = None

    def _in_turn(self, work: Work[T], sql: str, parameters: tuple[object, ...]) -> T:
        """Wait for the other writers of this process: SQLite would let them sleep and poll, a lock wakes the next."""
        while True:
            held: Held = getattr(self._thread, "held", None) or self._open_for_this_thread()
            try:
                if not (self._writing.acquire(False) or self._writing.acquire(timeout=self._timeout)):
                    raise StorageError(f"{self._path}: locked: no turn to write within {self._timeout} seconds")
                if held.open:
                    try:
                        return work(held, sql, parameters)
                    except sqlite3.Error as error:
                        failure = error
                    raise self._error(failure) from shown(failure)
            finally:
                try:  # noqa: SIM105  suppress() is a call, before which an exception may come
                    self._writing.release()
                except RuntimeError:  # it came before the turn
                    pass
            self._forget()

    def _forget(self) -> None:
        """Let go of a connection that was closed, by close() or for a fork in another thread, before it was used."""
        self._thread.__dict__.pop("held", None)

    def _open_for_this_thread(self) -> Held:
        with opening:
            close_ended()
            if self._closed:
                raise StorageError(f"{self._path}: the storage is closed")
            # One idle connection stays: the last one to close writes the whole log back and removes it,
            # which would happen at every request of a server that starts a thread for each.
            self._anchor = self._anchor or self._open()
            held = self._thread.held = self._open()
        return held

    def _open(self) -> Held:
        try:
            held = Held(self._connect())
        except sqlite3.Error as error:
            raise self._error(error) from error
        self._all.add(held)
        return held

    def _error(self, failure: sqlite3.Error) -> StorageError:
        return StorageError(f"{self._path}: {shown(failure) or 'a value is not text, or the storage was closed'}")


def _rows(held: Held, sql: str, parameters: tuple[object, ...]) -> list[Any]:
    return held.connection.execute(sql, parameters).fetchall()


def _changed(held: Held, sql: str, parameters: tuple[object, ...]) -> int:
    return held.connection.execute(sql, parameters).rowcount


# SQLite forbids carrying a connection, even an idle one, over a fork:
# its locks belong to the process, and the child would believe that it holds the parent's.
_everywhere: WeakSet[Connections] = WeakSet()


def _before_fork() -> None:
    opening.acquire()
    close_ended()
    for connections in list(_everywhere):
        connections.close_all()


def _after_fork_in_child() -> None:
    for connections in list(_everywhere):
        connections.start()
    if opening.locked():  # not where the fork was made in C, without the step before it
        opening.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=opening.release, after_in_child=_after_fork_in_child)
