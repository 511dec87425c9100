"""Storages as dictionaries that can be copied and compared."""

from collections.abc import Hashable
from typing import Self


class PlainModel:
    """Keep text with its ttl; nothing expires, since the clock of an exploration stands still."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[str, int | None]] = {}
        self.sets: dict[tuple[str, str], int] = {}

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        self.kept[key] = value, ttl

    def get(self, key: str, /) -> str | None:
        return self.kept.get(key, (None, None))[0]

    def delete(self, key: str, /) -> None:
        self.pop(key)

    def pop(self, key: str, /) -> str | None:
        return self.kept.pop(key, (None, None))[0]

    def copy(self) -> Self:
        other = type(self)()
        other.kept, other.sets = self.kept.copy(), self.sets.copy()
        return other

    def state(self) -> Hashable:
        return frozenset((*self.kept.items(), *self.sets.items()))


class Model(PlainModel):
    """Keep sets beside the text, by key and member."""

    def add(self, key: str, member: str, ttl: int, /) -> None:
        self.sets[key, member] = max(ttl, self.sets.get((key, member), ttl))

    def members(self, key: str, /) -> list[str]:
        return sorted(member for owner, member in self.sets if owner == key)

    def discard(self, key: str, member: str, /) -> None:
        self.sets.pop((key, member), None)

    def replace(self, key: str, member: str, ttl: int, /) -> None:
        """Put a member in the place of all others, which no storage does: for what is broken."""
        self.sets = {each: left for each, left in self.sets.items() if each[0] != key} | {(key, member): ttl}


class BackwardsModel(Model):
    """Tell the members in the other order, which is the storage's affair."""

    def members(self, key: str, /) -> list[str]:
        return super().members(key)[::-1]
