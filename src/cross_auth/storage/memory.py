"""Sessions in the memory of one process: for tests, development and single-process tools."""

from heapq import heapify, heappop, heappush
from math import inf
from threading import Lock
from time import time
from types import TracebackType
from typing import Self

from cross_auth._refusals import check_ttl
from cross_auth.storage._memory_sets import Deadline, Member, Sets

__all__ = ["AsyncMemoryStorage", "MemoryStorage"]

_EXPIRED_A_WRITE = 32  # a backlog of a million is gone after 31 250 writes; each waits some 50 microseconds
_SLACK = 64


class _Entry(Deadline):
    """What lives under a key until a deadline.

    One object where a tuple, its float and a heap item would be three: 64 bytes instead of 150.
    """

    __slots__ = ("value",)
    value: str | None


class MemoryStorage:
    """Keep sessions in a dictionary of this process.

    Reads take no lock.
    Each write also removes some expired entries, so that sessions nobody reads again do not stay.
    """

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}
        self._sets = Sets()
        self._deadlines: list[_Entry | Member] = []  # a heap, with what was deleted or replaced still in it
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
            self._tidy(now)

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
            self._forget_ended()
        return value if time() < entry else None

    def add(self, key: str, member: str, ttl: int, /) -> None:
        check_ttl(ttl, endless=False)
        now = time()
        new = Member(now + ttl)
        new.key, new.text = key, member
        with self._lock:
            if self._sets.put(new):
                heappush(self._deadlines, new)
            self._tidy(now)

    def members(self, key: str, /) -> list[str]:
        return self._sets.live(key, time())

    def discard(self, key: str, member: str, /) -> None:
        with self._lock:
            self._sets.remove(key, member)
            self._forget_ended()

    def close(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()
            self._sets.clear()
            self._deadlines.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _tidy(self, now: float) -> None:
        if self._deadlines and self._deadlines[0] <= now:
            self._expire(now)
        self._forget_ended()

    def _expire(self, now: float) -> None:
        for _ in range(_EXPIRED_A_WRITE):
            ended = heappop(self._deadlines)
            if isinstance(ended, Member):
                self._sets.expire(ended)
            elif self._entries.get(ended.key) is ended:
                del self._entries[ended.key]
            if not self._deadlines or now < self._deadlines[0]:
                return

    def _forget_ended(self) -> None:
        """Rebuild a heap most of which is deleted or replaced: two steps a write on average."""
        if len(self._deadlines) > 2 * (len(self._entries) + self._sets.count) + _SLACK:
            self._deadlines = [entry for entry in self._entries.values() if entry < inf] + self._sets.all()
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

    async def add(self, key: str, member: str, ttl: int, /) -> None:
        self._storage.add(key, member, ttl)

    async def members(self, key: str, /) -> list[str]:
        return self._storage.members(key)

    async def discard(self, key: str, member: str, /) -> None:
        self._storage.discard(key, member)

    async def close(self) -> None:
        """Forget everything."""
        self._storage.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
