"""The SQLite connections of one storage: one a thread, and none that outlives its thread, a fork or ``close()``."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, local
from typing import Any
from weakref import WeakSet

from cross_auth._protocols import StorageError


class _Held:
    """A connection of one thread, which other threads may close between two uses."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.cursor = connection.cursor()
        self.lock = Lock()
        self.open = True

    def close(self) -> None:
        with self.lock:
            self.open = False
            self.connection.close()

    def __del__(self) -> None:  # the thread ended
        self.connection.close()


class Connections:
    """Run statements on this thread's connection, which is opened when the thread first needs it.

    Every failure is a ``StorageError`` that names the file.
    """

    def __init__(self, path: Path, connect: Callable[[], sqlite3.Connection], timeout: float) -> None:
        self._path = path
        self._connect = connect
        self._timeout = timeout
        self._closed = False
        self._start()
        _everywhere.add(self)

    def _start(self) -> None:
        self._opening = Lock()
        self._writing = Lock()
        self._thread = local()
        self._all: WeakSet[_Held] = WeakSet()
        self._anchor: _Held | None = None

    def read(self, sql: str, parameters: tuple[object, ...]) -> Any:
        """Run one statement and return its first row, or ``None``."""
        held = self._locked()
        try:
            return held.cursor.execute(sql, parameters).fetchone()
        except sqlite3.Error as error:
            raise self._failure(error) from error
        finally:
            held.lock.release()

    def write(self, sql: str, parameters: tuple[object, ...]) -> None:
        """Run one statement in its turn."""
        self._take_turn()
        try:
            self.read(sql, parameters)
        finally:
            self._writing.release()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Take a turn to write, and commit all that is done in it or nothing."""
        self._take_turn()
        try:
            held = self._locked()
            try:
                with held.connection:
                    held.connection.execute("BEGIN IMMEDIATE")
                    yield held.connection
            except sqlite3.Error as error:
                raise self._failure(error) from error
            finally:
                held.lock.release()
        finally:
            self._writing.release()

    def close(self) -> None:
        with self._opening:
            self._closed = True
            self._close_all()

    def _take_turn(self) -> None:
        """Wait for the other writers of this process: SQLite would let them sleep and poll, a lock wakes the next."""
        if not (self._writing.acquire(blocking=False) or self._writing.acquire(timeout=self._timeout)):
            raise StorageError(f"{self._path}: locked: no turn to write within {self._timeout} seconds")

    def _locked(self) -> _Held:
        """Return this thread's connection, locked and open."""
        while True:
            held: _Held = getattr(self._thread, "held", None) or self._open_for_this_thread()
            held.lock.acquire()
            if held.open:
                return held
            held.lock.release()  # a fork in another thread, or close(), came first
            del self._thread.held

    def _open_for_this_thread(self) -> _Held:
        with self._opening:
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
            raise self._failure(error) from error
        self._all.add(held)
        return held

    def _failure(self, error: sqlite3.Error) -> StorageError:
        return StorageError(f"{self._path}: {error}")

    def _close_all(self) -> None:
        for held in list(self._all):
            held.close()
        self._anchor = None

    # SQLite forbids carrying a connection, even an idle one, over a fork:
    # its locks belong to the process, and the child would believe that it holds the parent's.

    def before_fork(self) -> None:
        self._opening.acquire()
        self._close_all()

    def after_fork_in_parent(self) -> None:
        self._opening.release()

    def after_fork_in_child(self) -> None:
        self._start()


_everywhere: WeakSet[Connections] = WeakSet()
_forking: list[Connections] = []


def _before_fork() -> None:
    for connections in list(_everywhere):
        connections.before_fork()
        _forking.append(connections)


def _after_fork_in_parent() -> None:
    while _forking:
        _forking.pop().after_fork_in_parent()


def _after_fork_in_child() -> None:
    _forking.clear()
    for connections in list(_everywhere):
        connections.after_fork_in_child()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork_in_child)
