"""The SQLite connections of one storage: one a thread, and none that outlives its thread, a fork or ``close()``."""

import os
import sqlite3
from collections.abc import Callable
from threading import Lock, local
from typing import TypeVar
from weakref import WeakSet

T = TypeVar("T")


class _Held:
    """A connection of one thread, which other threads may close between two uses."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection: sqlite3.Connection | None = connection
        self.lock = Lock()

    def close(self) -> None:
        with self.lock:
            if self.connection is not None:
                self.connection.close()
                self.connection = None

    def __del__(self) -> None:  # the thread ended
        if self.connection is not None:
            self.connection.close()


class Connections:
    """Run work on this thread's connection, which is opened when the thread first needs it."""

    def __init__(self, connect: Callable[[], sqlite3.Connection], timeout: float) -> None:
        self._connect = connect
        self._timeout = timeout
        self._closed = False
        self._start()
        _everywhere.add(self)

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        while True:
            held = self._of_this_thread()
            with held.lock:
                if held.connection is not None:  # a fork in another thread may just have closed it
                    return work(held.connection)
            del self._thread.held

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run work in its turn: SQLite lets waiting writers sleep and poll, a lock wakes the next one."""
        if not self._writing.acquire(timeout=self._timeout):
            raise sqlite3.OperationalError(f"no turn to write within {self._timeout} seconds")
        try:
            return self.read(work)
        finally:
            self._writing.release()

    def close(self) -> None:
        with self._opening:
            self._closed = True
            self._close_all()

    def _start(self) -> None:
        self._opening = Lock()
        self._writing = Lock()
        self._thread = local()
        self._all: WeakSet[_Held] = WeakSet()
        self._anchor: _Held | None = None

    def _of_this_thread(self) -> _Held:
        held: _Held | None = getattr(self._thread, "held", None)
        if held is None:
            with self._opening:
                if self._closed:
                    raise sqlite3.ProgrammingError("the storage is closed")
                # One idle connection stays: the last one to close writes the whole log back and removes it,
                # which would happen at every request of a server that starts a thread for each.
                self._anchor = self._anchor or self._open()
                held = self._thread.held = self._open()
        return held

    def _open(self) -> _Held:
        held = _Held(self._connect())
        self._all.add(held)
        return held

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
