"""One SQLite connection, held by one thread, which other threads may close between two uses."""

import sqlite3
from collections import deque
from threading import Lock, RLock
from typing import Any

# Held while a file is made, while a connection is opened or closed, and over a fork.
opening = Lock()
_of_ended_threads: deque[sqlite3.Connection] = deque()


class Held:
    """A connection, which is used by who has its lock or, to write, the turn of its storage; closed by who has both."""

    open = False

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.lock = RLock()  # a signal handler may call while this thread is in a call
        self._cursor: sqlite3.Cursor | None = None  # what the last call has left for the next
        self.open = True

    def first_row(self, sql: str, parameters: tuple[object, ...]) -> Any:
        """Run one statement and return its first row, or ``None``.

        The cursor is kept, since every request pays for it, and taken meanwhile:
        a signal handler that calls in the midst of this has one of its own.
        """
        cursor, self._cursor = self._cursor or self.connection.cursor(), None
        try:
            row = cursor.execute(sql, parameters).fetchone()
        except BaseException:
            del cursor  # which would keep its row, and its read open, as long as there is a traceback
            raise
        self._cursor = cursor
        return row

    def close(self) -> None:
        with self.lock:
            self.open = False
            self.connection.close()

    def __del__(self) -> None:  # the thread ended, in the midst of anything that another thread does
        if self.open:
            _of_ended_threads.append(self.connection)
            if opening.acquire(blocking=False):
                try:
                    close_ended()
                finally:
                    opening.release()


def close_ended() -> None:
    """Close the connections of threads that have ended; the caller has ``opening``."""
    while _of_ended_threads:
        _of_ended_threads.popleft().close()


def shown(failure: sqlite3.Error) -> sqlite3.Error | None:
    """Return an error that SQLite worded; Python's own, which has no code, may quote a stored value."""
    return failure if hasattr(failure, "sqlite_errorcode") else None
