"""Storages of sets that are wrong about how long a member lives."""

from math import inf

from tests.meta.mutants_plain import IndexedPlain


class KeepsMembersForEver(IndexedPlain):
    """Ignores the ttl of a member."""

    def add(self, key: str, member: str, ttl: int, /) -> None:
        super().add(key, member, 10**12)


class MemberTtlOneTooLong(IndexedPlain):
    """Keeps a member a second longer than it was told."""

    def add(self, key: str, member: str, ttl: int, /) -> None:
        super().add(key, member, ttl + 1)


class MemberTtlOneTooShort(IndexedPlain):
    """Drops a member a second before its time."""

    def add(self, key: str, member: str, ttl: int, /) -> None:
        super().add(key, member, ttl - 1)


class MemberTtlInMilliseconds(IndexedPlain):
    """Takes seconds for milliseconds."""

    def add(self, key: str, member: str, ttl: int, /) -> None:
        before = self.sets.get(key, {}).get(member, 0.0)
        super().add(key, member, ttl)
        self.sets[key][member] = max(before, self.now() + ttl / 1000)


class MemberTtlOf400DaysAtMost(IndexedPlain):
    """Drops a member at once whose ttl is longer than any session's."""

    def add(self, key: str, member: str, ttl: int, /) -> None:
        super().add(key, member, ttl if ttl <= 34_560_000 else 0)


class LastTtlCounts(IndexedPlain):
    """Shortens the life of a member that is added again."""

    def add(self, key: str, member: str, ttl: int, /) -> None:
        self.sets.get(key, {}).pop(member, None)
        super().add(key, member, ttl)


class FirstTtlCounts(IndexedPlain):
    """Does not lengthen the life of a member that is added again."""

    def add(self, key: str, member: str, ttl: int, /) -> None:
        if member not in self.members(key):
            super().add(key, member, ttl)


class OneTtlForTheSet(IndexedPlain):
    """Gives the set the ttl of the last member, as EXPIRE after SADD does."""

    def add(self, key: str, member: str, ttl: int, /) -> None:
        super().add(key, member, ttl)
        self.sets[key] = dict.fromkeys(self.members(key), self.now() + ttl)


class LongestTtlForTheSet(IndexedPlain):
    """Renews every member where one is added for longer, as EXPIRE with GT after SADD does."""

    def add(self, key: str, member: str, ttl: int, /) -> None:
        super().add(key, member, ttl)
        self.sets[key] = dict.fromkeys(self.members(key), max(self.sets[key].values()))


class FirstTtlForTheSet(IndexedPlain):
    """Ends the set with its first member, as EXPIRE with NX after SADD does."""

    def add(self, key: str, member: str, ttl: int, /) -> None:
        first = min((self.sets[key][each] for each in self.members(key)), default=inf)
        super().add(key, member, ttl)
        for each, deadline in self.sets[key].items():
            self.sets[key][each] = min(first, deadline)


class ShowsDeadMembers(IndexedPlain):
    """Removes the dead where a member is added, and nowhere else."""

    def add(self, key: str, member: str, ttl: int, /) -> None:
        with self.lock:
            live = {each: deadline for each, deadline in self.sets.get(key, {}).items() if self.now() < deadline}
            self.sets[key] = live
        super().add(key, member, ttl)

    def members(self, key: str, /) -> list[str]:
        return [*self.sets.get(key, {})]


class ReadingRenewsMembers(IndexedPlain):
    """Gives each member another hour where it is read."""

    def members(self, key: str, /) -> list[str]:
        found = super().members(key)
        for member in found:
            self.add(key, member, 3600)
        return found


class BuriesDeadMembers(IndexedPlain):
    """Does not let a member live again that has expired."""

    def add(self, key: str, member: str, ttl: int, /) -> None:
        if self.now() < self.sets.get(key, {}).get(member, inf):
            super().add(key, member, ttl)
