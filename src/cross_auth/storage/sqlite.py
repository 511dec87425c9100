"""Sessions in one SQLite file: the embedded default, for many threads and processes of one machine."""

import os
import sqlite3
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path
from time import monotonic, sleep, time_ns
from types import TracebackType
from typing import Literal, Self

from cross_auth._protocols import StorageError
from cross_auth._refusals import check, check_ttl
from cross_auth.storage import _sqlite_statements as statements
from cross_auth.storage._sqlite_arguments import WANTED
from cross_auth.storage._sqlite_connections import Connections
from cross_auth.storage._sqlite_file import connect, prepare

__all__ = ["SQLiteStorage"]

WRITES_BETWEEN_EXPIRIES = 64
_EXPIRED_A_TIME = 192  # three for each row written, so that a backlog shrinks while the application runs
_NEVER = 2**63 - 1


def _now() -> int:
    """Return microseconds since 1970, which every SQL storage keeps."""
    return time_ns() // 1000


def _until(ttl: int | None) -> int:
    return _NEVER if ttl is None else time_ns() // 1000 + ttl * 1_000_000


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
        check("SQLiteStorage", WANTED, path=path, synchronous=synchronous, timeout=timeout)
        self._path = Path(path).absolute()  # now: the process may change its folder later
        self._sets, self._adds = count(), count()
        self._connections = Connections(self._path, partial(connect, self._path, synchronous, timeout), timeout)
        try:
            prepare(self._path, timeout)
        except OSError as error:
            raise StorageError(f"{self._path}: {error.strerror}") from error
        except sqlite3.Error as error:
            raise StorageError(f"{self._path}: {error}") from error
        self._connections.read("PRAGMA journal_mode", ())  # from now on the file is held open, and in its mode

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        check_ttl(ttl)
        self._write(self._sets, statements.SET, (key, value, _until(ttl)), statements.EXPIRE)

    def get(self, key: str, /) -> str | None:
        row: tuple[str] | None = self._connections.read(statements.GET, (key, _now()))
        return None if row is None else row[0]

    def delete(self, key: str, /) -> None:
        self._connections.write(statements.DELETE, (key,))

    def pop(self, key: str, /) -> str | None:
        while (value := self.get(key)) is not None:
            if self._connections.change(statements.TAKE, (key, value)):  # or another came first
                return value
        return None

    def add(self, key: str, member: str, ttl: int, /) -> None:
        check_ttl(ttl, endless=False)
        self._write(self._adds, statements.ADD, (key, member, _until(ttl)), statements.EXPIRE_MEMBERS)

    def members(self, key: str, /) -> list[str]:
        return [member for (member,) in self._connections.rows(statements.MEMBERS, (key, _now()))]

    def discard(self, key: str, member: str, /) -> None:
        self._connections.write(statements.DISCARD, (key, member))

    def purge(self, limit: int = 1000) -> int:
        """Remove up to ``limit`` expired rows of both tables, and return how many went.

        They go in one transaction.
        Fewer than ``limit``, which is 1 to 100 000, means that no more had expired.
        Writes remove what has expired, too: a file needs this after a burst, or where it is hardly written any more.
        After ``limit`` rows it waits, outside the transaction, as long as the transaction took:
        other writers have their turns even if a caller asks again at once.
        The file keeps its size, whose free room SQLite uses again; ``VACUUM``, which makes it smaller, is the caller's.
        """
        check("SQLiteStorage.purge", WANTED, limit=limit)
        begin = 0.0

        def remove(connection: sqlite3.Connection) -> int:
            nonlocal begin
            begin, now = monotonic(), _now()
            gone = connection.execute(statements.EXPIRE, (now, limit)).rowcount
            return gone + connection.execute(statements.EXPIRE_MEMBERS, (now, limit - gone)).rowcount

        gone = self._connections.transaction(remove)
        if gone == limit:
            sleep(monotonic() - begin)
        return gone

    def close(self) -> None:
        """Close the connections of every thread; the storage cannot be used again."""
        self._connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _write(self, writes: Iterator[int], sql: str, row: tuple[object, ...], expire: str) -> None:
        """Write a row, and at one of so many writes remove what has expired in its table."""
        if next(writes) % WRITES_BETWEEN_EXPIRIES:
            self._connections.write(sql, row)
            return

        def write_and_expire(connection: sqlite3.Connection) -> None:
            connection.execute(sql, row)
            connection.execute(expire, (_now(), _EXPIRED_A_TIME))

        self._connections.transaction(write_and_expire)
