"""Storages that do not keep what they hold, or hold what is not theirs."""

from tests.meta.mutants_plain import Plain


class Appends(Plain):
    """Adds a value to the one that is there."""

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        super().set(key, (self.get(key) or "") + value, ttl=ttl)


class KeepsTheFirstValue(Plain):
    """Does not overwrite."""

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        if self.get(key) is None:
            super().set(key, value, ttl=ttl)


class EvictsTheOldest(Plain):
    """Holds two keys at most."""

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        super().set(key, value, ttl=ttl)
        for oldest in list(self.entries)[:-2]:
            self.delete(oldest)


class EvictsAbove128(Plain):
    """Holds 128 keys at most, as a cache does by default."""

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        super().set(key, value, ttl=ttl)
        for oldest in list(self.entries)[:-128]:
            self.delete(oldest)


class WritesBehind(Plain):
    """Shows a write from the next call on."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[tuple[str, str, int | None]] = []

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        self.waiting.append((key, value, ttl))

    def get(self, key: str, /) -> str | None:
        found = super().get(key)
        while self.waiting:
            late, value, ttl = self.waiting.pop(0)
            super().set(late, value, ttl=ttl)
        return found


class CachesReads(Plain):
    """Answers a second read from a cache that only its own set and delete refresh."""

    def __init__(self) -> None:
        super().__init__()
        self.cache: dict[str, str | None] = {}

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        super().set(key, value, ttl=ttl)
        self.cache.pop(key, None)

    def get(self, key: str, /) -> str | None:
        if key not in self.cache:
            self.cache[key] = super().get(key)
        return self.cache[key]

    def delete(self, key: str, /) -> None:
        super().delete(key)
        self.cache.pop(key, None)


class SharesItsEntries(Plain):
    """Every instance holds what any instance was given."""

    shared = Plain()

    def __init__(self) -> None:
        self.__dict__ = self.shared.__dict__
