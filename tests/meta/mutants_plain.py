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
