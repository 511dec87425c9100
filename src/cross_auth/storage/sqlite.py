"""Sessions in one SQLite file: the embedded default, for many threads and processes of one machine."""

import os
import sqlite3
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from time import time
from types import TracebackType
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from cross_auth._protocols import StorageError
from cross_auth._refusals import check
from cross_auth.storage import _sqlite_file
from cross_auth.storage._sqlite_connections import Connections

__all__ = ["SQLiteStorage"]

_T = TypeVar("_T")


def _file(path: object) -> object:
    name = os.fspath(path) if isinstance(path, str | os.PathLike) else None
    if not isinstance(name, str) or name in ("", ":memory:") or "\0" in name:
        raise PydanticCustomError(
            "path", "Input should be the path of a file; for sessions in memory use MemoryStorage"
        )
    return path


_WANTED: dict[str, Any] = {
    "path": Annotated[Any, AfterValidator(_file)],
    "synchronous": Literal["FULL", "NORMAL"],
    "timeout": Annotated[float, Field(ge=0, le=86400)],
}

_TABLE = """
CREATE TABLE IF NOT EXISTS cross_auth_storage (
    key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL, expires_at REAL
) WITHOUT ROWID
"""
_INDEX = """
CREATE INDEX IF NOT EXISTS cross_auth_storage_expires_at ON cross_auth_storage (expires_at)
WHERE expires_at IS NOT NULL
"""
_SET = "INSERT OR REPLACE INTO cross_auth_storage (key, value, expires_at) VALUES (?, ?, ?)"
_GET = "SELECT value FROM cross_auth_storage WHERE key = ? AND (expires_at IS NULL OR expires_at > ?)"
_DELETE = "DELETE FROM cross_auth_storage WHERE key = ?"
_EXPIRE = """
DELETE FROM cross_auth_storage WHERE key IN
    (SELECT key FROM cross_auth_storage WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)
"""
_WRITES_BETWEEN_EXPIRIES = 16
_EXPIRED_A_TIME = 64  # four for each row written, so that a backlog shrinks while the application runs


class SQLiteStorage:
    """Keep sessions in one SQLite file of a local file system.

    ``synchronous="FULL"`` waits for the disk at every write.
    ``"NORMAL"`` does not: it is faster, and a power cut may undo the last writes, logouts among them.
    ``timeout`` is how many seconds a call waits for the file before it raises.
    A file that is made here has mode 0600; missing parent folders are not made.
    Every failure of the file is a ``StorageError`` that names it.
    Raises ``pydantic.ValidationError`` that names the parameter, ``StorageError`` if the file cannot serve.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        synchronous: Literal["FULL", "NORMAL"] = "FULL",
        timeout: float = 10.0,
    ) -> None:
        check("SQLiteStorage", _WANTED, path=path, synchronous=synchronous, timeout=timeout)
        self._path = Path(path).absolute()  # now: the process may change its folder later
        self._timeout = timeout
        self._writes = count()
        self._connections = Connections(partial(_sqlite_file.connect, self._path, synchronous, timeout), timeout)
        self._prepare()

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        if ttl is not None and ttl < 1:
            raise ValueError(f"ttl should be 1 second or more, not {ttl}")
        now = time()
        row = (key, value, None if ttl is None else now + ttl)
        expire = next(self._writes) % _WRITES_BETWEEN_EXPIRIES == 0

        def work(connection: sqlite3.Connection) -> None:
            if not expire:
                connection.execute(_SET, row)
                return
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute(_SET, row)
                connection.execute(_EXPIRE, (now, _EXPIRED_A_TIME))

        self._run(self._connections.write, work)

    def get(self, key: str, /) -> str | None:
        def work(connection: sqlite3.Connection) -> tuple[str] | None:
            row: tuple[str] | None = connection.execute(_GET, (key, time())).fetchone()
            return row

        row = self._run(self._connections.read, work)
        return None if row is None else row[0]

    def delete(self, key: str, /) -> None:
        self._run(self._connections.write, lambda connection: connection.execute(_DELETE, (key,)))

    def pop(self, key: str, /) -> str | None:
        def work(connection: sqlite3.Connection) -> tuple[str] | None:
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                row: tuple[str] | None = connection.execute(_GET, (key, time())).fetchone()
                connection.execute(_DELETE, (key,))
            return row

        row = self._run(self._connections.write, work)
        return None if row is None else row[0]

    def close(self) -> None:
        """Close the connections of every thread; the storage cannot be used again."""
        self._connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(
        self, colour: Callable[[Callable[[sqlite3.Connection], _T]], _T], work: Callable[[sqlite3.Connection], _T]
    ) -> _T:
        try:
            return colour(work)
        except sqlite3.Error as error:
            raise StorageError(f"{self._path}: {error}") from error

    def _prepare(self) -> None:
        try:
            _sqlite_file.make(self._path)
        except OSError as error:
            raise StorageError(f"{self._path}: {error.strerror}") from error
        mode = self._run(self._connections.write, partial(_sqlite_file.use_write_ahead_log, timeout=self._timeout))
        if mode != "wal":
            raise StorageError(f"{self._path}: the file system has no write-ahead log (journal mode {mode})")
        self._run(self._connections.write, lambda connection: connection.execute(_TABLE))
        self._run(self._connections.write, lambda connection: connection.execute(_INDEX))
