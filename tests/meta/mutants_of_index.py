"""Storages of sets that do not keep what is in them, or keep what was discarded."""

from typing import Any

from tests.meta.mutants_plain import IndexedPlain, Plain


class ShowsMembersTwice(IndexedPlain):
    """Keeps a list, in which a member that is added again stands again."""

    def __init__(self) -> None:
        super().__init__()
        self.lists: dict[str, list[str]] = {}

    def add(self, key: str, member: str, ttl: int, /) -> None:
        super().add(key, member, ttl)
        self.lists.setdefault(key, []).append(member)

    def members(self, key: str, /) -> list[str]:
        live = super().members(key)
        return [member for member in self.lists.get(key, []) if member in live]


class MembersAreBytes(IndexedPlain):
    """Does not decode."""

    def members(self, key: str, /) -> Any:
        return [member.encode() for member in super().members(key)]


class MembersAreATuple(IndexedPlain):
    """Returns another collection than a list."""

    def members(self, key: str, /) -> Any:
        return tuple(super().members(key))


class NoMembersAreNone(IndexedPlain):
    """Takes an empty set for none."""

    def members(self, key: str, /) -> Any:
        return super().members(key) or None


class UnknownSetRaises(IndexedPlain):
    """Raises where nothing was ever added."""

    def members(self, key: str, /) -> list[str]:
        deadlines = self.sets[key]
        return [member for member, deadline in deadlines.items() if self.now() < deadline]


class KeepsTheNewest(IndexedPlain):
    """Holds three members of a set at most."""

    def add(self, key: str, member: str, ttl: int, /) -> None:
        super().add(key, member, ttl)
        for oldest in [*self.sets[key]][:-3]:
            self.discard(key, oldest)


class ShowsAHundred(IndexedPlain):
    """Returns one page of a set."""

    def members(self, key: str, /) -> list[str]:
        return super().members(key)[:100]


class AddReplacesTheSet(IndexedPlain):
    """Keeps the member that was added last."""

    def add(self, key: str, member: str, ttl: int, /) -> None:
        before = self.sets.pop(key, {})
        super().add(key, member, max(ttl, int(before.get(member, 0) - self.now())))


class ReadingTakesMembers(IndexedPlain):
    """Hands the members of a set out once."""

    def members(self, key: str, /) -> list[str]:
        found = super().members(key)
        self.sets.pop(key, None)
        return found


class DeleteEndsSets(IndexedPlain):
    """Forgets all sets where a value is deleted."""

    def delete(self, key: str, /) -> None:
        super().delete(key)
        self.sets.clear()


class DiscardDoesNothing(IndexedPlain):
    """Swallows the discard."""

    def discard(self, key: str, member: str, /) -> None:
        return None


class DiscardRaises(IndexedPlain):
    """Raises where there is nothing to discard."""

    def discard(self, key: str, member: str, /) -> None:
        del self.sets[key][member]


class DiscardEndsTheSet(IndexedPlain):
    """Removes every member."""

    def discard(self, key: str, member: str, /) -> None:
        self.sets.pop(key, None)


class DiscardsByPrefix(IndexedPlain):
    """Removes every member that begins with the member."""

    def discard(self, key: str, member: str, /) -> None:
        for each in [*self.sets.get(key, {})]:
            if each.startswith(member):
                super().discard(key, each)


class DiscardsEverywhere(IndexedPlain):
    """Removes the member from the sets of other keys, too."""

    def discard(self, key: str, member: str, /) -> None:
        for each in self.sets:
            super().discard(each, member)


class DiscardsForGood(IndexedPlain):
    """Leaves a tombstone that a later add does not lift."""

    def __init__(self) -> None:
        super().__init__()
        self.tombs: set[tuple[str, str]] = set()

    def discard(self, key: str, member: str, /) -> None:
        super().discard(key, member)
        self.tombs.add((key, member))

    def members(self, key: str, /) -> list[str]:
        return [member for member in super().members(key) if (key, member) not in self.tombs]


class LacksDiscard(Plain):
    """Wraps a storage and passes two of the three methods on."""

    def __init__(self) -> None:
        super().__init__()
        self.index = IndexedPlain()

    def add(self, key: str, member: str, ttl: int, /) -> None:
        self.index.add(key, member, ttl)

    def members(self, key: str, /) -> list[str]:
        return self.index.members(key)


class SharesItsSets(IndexedPlain):
    """Every instance holds what was added through any."""

    shared = IndexedPlain()

    def __init__(self) -> None:
        super().__init__()
        self.sets = self.shared.sets


class SetsOfOneHandle(IndexedPlain):
    """Shows what was added through a handle to that handle alone."""

    def reopen(self) -> "SetsOfOneHandle":
        another = type(self)()
        another.entries, another.lock = self.entries, self.lock
        return another
