"""Sessions in one SQLite file: the embedded default, for many threads and processes of one machine."""

import os
import sqlite3
from functools import partial
from itertools import count
from pathlib import Path
from time import time_ns
from types import TracebackType
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from cross_auth._protocols import StorageError
from cross_auth._refusals import check, check_ttl
from cross_auth.storage._sqlite_connections import Connections
from cross_auth.storage._sqlite_file import connect, prepare

__all__ = ["SQLiteStorage"]


def _encodable(name: str) -> bool:
    try:
        return bool(os.fsencode(name))
    except UnicodeEncodeError:
        return False


def _now() -> int:
    """Return microseconds since 1970, which every SQL storage keeps."""
    return time_ns() // 1000


def _file(path: object) -> object:
    name = os.fspath(path) if isinstance(path, str | os.PathLike) else None
    if not isinstance(name, str) or name in ("", ":memory:") or "\0" in name or not _encodable(name):
        raise PydanticCustomError(
            "path", "Input should be the path of a file; for sessions in memory use MemoryStorage"
        )
    return path


_WANTED: dict[str, Any] = {
    "path": Annotated[Any, AfterValidator(_file)],
    "synchronous": Literal["FULL", "NORMAL"],
    "timeout": Annotated[float, Field(ge=0, le=86400)],
}

_SET = "INSERT OR REPLACE INTO cross_auth_storage (key, value, expires_at) VALUES (?, ?, ?)"
_GET = "SELECT value FROM cross_auth_storage WHERE key = ? AND expires_at > ?"
_DELETE = "DELETE FROM cross_auth_storage WHERE key = ?"
_EXPIRE = """
DELETE FROM cross_auth_storage WHERE key IN
    (SELECT key FROM cross_auth_storage WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)
"""
_NEVER = 2**63 - 1
WRITES_BETWEEN_EXPIRIES = 64
_EXPIRED_A_TIME = 192  # three for each row written, so that a backlog shrinks while the application runs


class SQLiteStorage:
    """Keep sessions in one SQLite file of a local file system.

    ``synchronous="FULL"`` waits for the disk at every write.
    ``"NORMAL"`` does not: it is faster, and a power cut may undo the last writes, logouts among them.
    ``timeout`` is how many seconds a call waits for the file before it raises;
    a write may wait as long again for the other threads of its process.
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
        self._writes = count()
        self._connections = Connections(self._path, partial(connect, self._path, synchronous, timeout), timeout)
        try:
            prepare(self._path, timeout)
        except OSError as error:
            raise StorageError(f"{self._path}: {error.strerror}") from error
        except sqlite3.Error as error:
            raise StorageError(f"{self._path}: {error}") from error
        self._connections.execute("PRAGMA journal_mode", ())  # from now on the file is held open, and in its mode

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        check_ttl(ttl)
        now = _now()
        row = (key, value, _NEVER if ttl is None else min(now + ttl * 1_000_000, _NEVER))
        if next(self._writes) % WRITES_BETWEEN_EXPIRIES:
            self._connections.write(_SET, row)
            return

        def set_and_expire(connection: sqlite3.Connection) -> None:
            connection.execute(_SET, row)
            connection.execute(_EXPIRE, (now, _EXPIRED_A_TIME))

        self._connections.transaction(set_and_expire)

    def get(self, key: str, /) -> str | None:
        row: tuple[str] | None = self._connections.execute(_GET, (key, _now()))
        return None if row is None else row[0]

    def delete(self, key: str, /) -> None:
        self._connections.write(_DELETE, (key,))

    def pop(self, key: str, /) -> str | None:
        def take(connection: sqlite3.Connection) -> tuple[str] | None:
            row: tuple[str] | None = connection.execute(_GET, (key, _now())).fetchone()
            connection.execute(_DELETE, (key,))
            return row

        row = self._connections.transaction(take)
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
