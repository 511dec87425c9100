"""Sessions in the memory of one process: for tests, development and single-process tools."""

from heapq import heapify, heappop, heappush
from math import inf
from threading import Lock
from time import time
from types import TracebackType
from typing import Self

from cross_auth._refusals import check_ttl

__all__ = ["AsyncMemoryStorage", "MemoryStorage"]

_EXPIRED_A_WRITE = 32  # a backlog of a million is gone after 31 250 writes; each waits some 50 microseconds
_SLACK = 64


class _Entry(float):
    """A deadline in seconds since the epoch, and what lives until then.

    One object where a tuple, its float and a heap item would be three: 64 bytes instead of 150.
    """

    __slots__ = ("key", "value")
    key: str
    value: str | None


class MemoryStorage:
    """Keep sessions in a dictionary of this process.

    Reads take no lock.
    Each write also removes some expired entries, so that sessions nobody reads again do not stay.
    """

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}
        self._deadlines: list[_Entry] = []  # a heap, with entries that were deleted or replaced still in it
        self._lock = Lock()

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        check_ttl(ttl)
        now = time()
        entry = _Entry(inf if ttl is None else now + ttl)
        entry.key, entry.value = key, value
        with self._lock:
            self._entries[key] = entry
            if ttl is not None:
                heappush(self._deadlines, entry)
            if self._deadlines and self._deadlines[0] <= now:
                self._expire(now)
            if len(self._deadlines) > 2 * len(self._entries) + _SLACK:
                self._forget_ended()

    def get(self, key: str, /) -> str | None:
        entry = self._entries.get(key)
        return entry.value if entry is not None and time() < entry else None

    def delete(self, key: str, /) -> None:
        self.pop(key)

    def pop(self, key: str, /) -> str | None:
        with self._lock:
            entry = self._entries.pop(key, None)
            if entry is None:
                return None
            value, entry.value = entry.value, None  # the heap holds the entry on; the value can go
            if len(self._deadlines) > 2 * len(self._entries) + _SLACK:
                self._forget_ended()
        return value if time() < entry else None

    def close(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()
            self._deadlines.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _expire(self, now: float) -> None:
        for _ in range(_EXPIRED_A_WRITE):
            entry = heappop(self._deadlines)
            if self._entries.get(entry.key) is entry:
                del self._entries[entry.key]
            if not self._deadlines or now < self._deadlines[0]:
                return

    def _forget_ended(self) -> None:
        """Rebuild the heap, most of which is deleted or replaced entries: two steps a write on average."""
        self._deadlines = [entry for entry in self._entries.values() if entry < inf]
        heapify(self._deadlines)


class AsyncMemoryStorage:
    """Keep sessions in a dictionary of this process.

    ``MemoryStorage``, awaited; no call suspends.
    """

    def __init__(self) -> None:
        self._storage = MemoryStorage()

    async def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        self._storage.set(key, value, ttl=ttl)

    async def get(self, key: str, /) -> str | None:
        return self._storage.get(key)

    async def delete(self, key: str, /) -> None:
        self._storage.delete(key)

    async def pop(self, key: str, /) -> str | None:
        return self._storage.pop(key)

    async def close(self) -> None:
        """Forget everything."""
        self._storage.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
