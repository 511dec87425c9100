"""Storages that are wrong about how long a key lives."""

from math import inf
from time import time

from tests.meta.mutants_plain import Plain


class IgnoresTtl(Plain):
    """Keeps every key for ever."""

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        super().set(key, value)


class TtlOneTooLong(Plain):
    """Keeps a key a second longer than it was told."""

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        super().set(key, value, ttl=None if ttl is None else ttl + 1)


class TtlOneTooShort(Plain):
    """Drops a key a second before its time."""

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        super().set(key, value, ttl=None if ttl is None else ttl - 1)


class TtlInMilliseconds(Plain):
    """Takes seconds for milliseconds."""

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        super().set(key, value)
        if ttl is not None:
            self.entries[key] = value, time() + ttl / 1000


class TtlInMinutes(Plain):
    """Rounds a ttl up to whole minutes."""

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        super().set(key, value, ttl=None if ttl is None else -(-ttl // 60) * 60)


class LongTtlIsADate(Plain):
    """Takes a ttl of more than 30 days for seconds since 1970, as memcached does."""

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        super().set(key, value, ttl=ttl)
        if ttl is not None and ttl > 2_592_000:
            self.entries[key] = value, ttl


class DefaultTtl(Plain):
    """Gives a key without a ttl one of an hour."""

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        super().set(key, value, ttl=3600 if ttl is None else ttl)


class KeepsTheFirstTtl(Plain):
    """Replaces the value and not the ttl."""

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        first = self.entries.get(key)
        super().set(key, value, ttl=ttl)
        if self.live(first) is not None and first is not None:
            self.entries[key] = value, first[1]


class NoneKeepsTheTtl(Plain):
    """Leaves the old ttl where the new value has none."""

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        first = self.entries.get(key)
        super().set(key, value, ttl=ttl)
        if ttl is None and self.live(first) is not None and first is not None:
            self.entries[key] = value, first[1]


class AddsTtls(Plain):
    """Adds a new ttl to what is left of the old one."""

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        first = self.entries.get(key)
        super().set(key, value, ttl=ttl)
        if ttl is not None and first is not None and time() < first[1] < inf:
            self.entries[key] = value, first[1] + ttl


class GetRenewsTheTtl(Plain):
    """Starts the ttl again with each read."""

    def __init__(self) -> None:
        super().__init__()
        self.ttls: dict[str, int | None] = {}

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        super().set(key, value, ttl=ttl)
        self.ttls[key] = ttl

    def get(self, key: str, /) -> str | None:
        value = super().get(key)
        if value is not None:
            super().set(key, value, ttl=self.ttls[key])
        return value


class PopIgnoresTtl(Plain):
    """Hands out what has expired, to the one who pops it."""

    def pop(self, key: str, /) -> str | None:
        with self.lock:
            return self.entries.pop(key, (None, 0))[0]
