"""The SQLite connections of one storage: one a thread, and none that outlives its thread, a fork or ``close()``.

An exception may come out of any line here, raised by a signal handler: no lock is left held and no statement open.
"""

import os
import sqlite3
from collections import deque
from collections.abc import Callable
from pathlib import Path
from threading import Lock, RLock, local
from typing import Any, ParamSpec, TypeVar
from weakref import WeakSet

from cross_auth._protocols import StorageError

P = ParamSpec("P")
T = TypeVar("T")

# Held while a file is made, while a connection is opened or closed, and over a fork.
opening = Lock()
_of_ended_threads: deque[sqlite3.Connection] = deque()


class _Held:
    """A connection of one thread, which other threads may close between two uses."""

    open = False

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.cursor: sqlite3.Cursor | None = None  # what the last call has left for the next
        self.lock = RLock()  # a signal handler may call while this thread is in a call
        self.open = True

    def close(self) -> None:
        with self.lock:
            self.open = False
            self.connection.close()

    def __del__(self) -> None:  # the thread ended, in the midst of anything that another thread does
        if self.open:
            _of_ended_threads.append(self.connection)
            if opening.acquire(blocking=False):
                try:
                    _close_ended()
                finally:
                    opening.release()


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
        self._all: WeakSet[_Held] = WeakSet()
        self._anchor: _Held | None = None

    def execute(self, sql: str, parameters: tuple[object, ...]) -> Any:
        """Run one statement and return its first row, or ``None``.

        This is ``_run`` again, on a cursor that is kept: every request pays for it.
        """
        while True:
            held: _Held = getattr(self._thread, "held", None) or self._open_for_this_thread()
            with held.lock:
                if held.open:
                    # Taken for so long: a signal handler that calls in the midst of this has a cursor of its own.
                    cursor, held.cursor = held.cursor or held.connection.cursor(), None
                    try:
                        row = cursor.execute(sql, parameters).fetchone()
                    except sqlite3.Error as error:
                        failure = error
                    except BaseException:
                        del cursor  # which would keep its row, and its read open, as long as there is a traceback
                        raise
                    else:
                        held.cursor = cursor
                        return row
                    raise self._error(failure) from _shown(failure)
            self._thread.__dict__.pop("held", None)

    def rows(self, sql: str, parameters: tuple[object, ...]) -> list[Any]:
        """Run one statement, on a cursor that goes with an exception, and return all its rows."""
        return self._run(lambda connection: connection.execute(sql, parameters).fetchall())

    def write(self, sql: str, parameters: tuple[object, ...]) -> None:
        """Run one statement in its turn."""
        self._in_turn(self.execute, sql, parameters)

    def change(self, sql: str, parameters: tuple[object, ...]) -> int:
        """Run one statement in its turn, and return how many rows it changed."""
        changed: int = self._in_turn(self._run, lambda connection: connection.execute(sql, parameters).rowcount)
        return changed

    def transaction(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run work in its turn, and commit all of it or nothing."""

        def whole(connection: sqlite3.Connection) -> T:
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                return work(connection)

        return self._in_turn(self._run, whole)

    def close(self) -> None:
        with opening:
            self._closed = True
            self.close_all()

    def close_all(self) -> None:
        for held in list(self._all):
            held.close()
        self._anchor = None

    def _in_turn(self, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        """Wait for the other writers of this process: SQLite would let them sleep and poll, a lock wakes the next."""
        try:
            if not (self._writing.acquire(blocking=False) or self._writing.acquire(timeout=self._timeout)):
                raise StorageError(f"{self._path}: locked: no turn to write within {self._timeout} seconds")
            return work(*given, **named)
        finally:
            try:  # noqa: SIM105  suppress() is a call, before which an exception may come
                self._writing.release()
            except RuntimeError:  # it came before the turn
                pass

    def _run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        while True:
            held: _Held = getattr(self._thread, "held", None) or self._open_for_this_thread()
            with held.lock:
                if held.open:
                    try:
                        return work(held.connection)
                    except sqlite3.Error as error:
                        failure = error
                    raise self._error(failure) from _shown(failure)
            self._thread.__dict__.pop("held", None)  # a fork in another thread, or close(), came first

    def _open_for_this_thread(self) -> _Held:
        with opening:
            _close_ended()
            if self._closed:
                raise StorageError(f"{self._path}: the storage is closed")
            # One idle connection stays: the last one to close writes the whole log back and removes it,
            # which would happen at every request of a server that starts a thread for each.
            self._anchor = self._anchor or self._open()
            held = self._thread.held = self._open()
        return held

    def _open(self) -> _Held:
        try:
            held = _Held(self._connect())
        except sqlite3.Error as error:
            raise self._error(error) from error
        self._all.add(held)
        return held

    def _error(self, failure: sqlite3.Error) -> StorageError:
        return StorageError(f"{self._path}: {_shown(failure) or 'a value is not text, or the storage was closed'}")


def _shown(failure: sqlite3.Error) -> sqlite3.Error | None:
    """Return an error that SQLite worded; Python's own, which has no code, may quote a stored value."""
    return failure if hasattr(failure, "sqlite_errorcode") else None


def _close_ended() -> None:
    while _of_ended_threads:
        _of_ended_threads.popleft().close()


# SQLite forbids carrying a connection, even an idle one, over a fork:
# its locks belong to the process, and the child would believe that it holds the parent's.
_everywhere: WeakSet[Connections] = WeakSet()


def _before_fork() -> None:
    opening.acquire()
    _close_ended()
    for connections in list(_everywhere):
        connections.close_all()


def _after_fork_in_child() -> None:
    for connections in list(_everywhere):
        connections.start()
    if opening.locked():  # not where the fork was made in C, without the step before it
        opening.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=opening.release, after_in_child=_after_fork_in_child)
