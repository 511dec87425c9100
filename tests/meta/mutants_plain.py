"""The right storage that the wrong ones are made from, and the simplest."""

from math import inf
from threading import Lock
from time import time


class Plain:
    """A dict of values and deadlines behind a lock."""

    def __init__(self) -> None:
        self.entries: dict[str, tuple[str, float]] = {}
        self.lock = Lock()
        self.now = time

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        with self.lock:
            self.entries[key] = value, inf if ttl is None else self.now() + ttl

    def get(self, key: str, /) -> str | None:
        return self.live(self.entries.get(key))

    def delete(self, key: str, /) -> None:
        with self.lock:
            self.entries.pop(key, None)

    def pop(self, key: str, /) -> str | None:
        with self.lock:
            return self.live(self.entries.pop(key, None))

    def live(self, entry: tuple[str, float] | None) -> str | None:
        return entry[0] if entry is not None and self.now() < entry[1] else None

    def advance(self, seconds: float) -> None:
        """Let time pass by moving the deadlines."""
        for key, (value, deadline) in self.entries.items():
            self.entries[key] = value, deadline - seconds


class IndexedPlain(Plain):
    """And a dict of members and deadlines for each key of a set."""

    def __init__(self) -> None:
        super().__init__()
        self.sets: dict[str, dict[str, float]] = {}

    def add(self, key: str, member: str, ttl: int, /) -> None:
        with self.lock:
            deadlines = self.sets.setdefault(key, {})
            deadlines[member] = max(deadlines.get(member, 0), self.now() + ttl)

    def members(self, key: str, /) -> list[str]:
        with self.lock:
            return [member for member, deadline in self.sets.get(key, {}).items() if self.now() < deadline]

    def discard(self, key: str, member: str, /) -> None:
        with self.lock:
            self.sets.get(key, {}).pop(member, None)

    def advance(self, seconds: float) -> None:
        super().advance(seconds)
        for deadlines in self.sets.values():
            for member in deadlines:
                deadlines[member] -= seconds
