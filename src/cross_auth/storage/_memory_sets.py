"""Sets in memory whose members expire one by one, with reads that take no lock."""

from collections.abc import Iterable

_FEW = 16  # a tuple of one takes 48 bytes, a dictionary 184; with more members its copies would take longer and longer


class Deadline(float):
    """Seconds since the epoch until when something lives, and under which key: an item of a heap."""

    __slots__ = ("key",)
    key: str


class Member(Deadline):
    """One member of the set of a key."""

    __slots__ = ("text",)
    text: str


class Sets:
    """Hold the members of each key that has any.

    ``live`` may be called at any time, all else by one thread at a time.
    A few members are a tuple, which is replaced; many are a dictionary, so that no write depends on how many there are.
    """

    def __init__(self) -> None:
        self._members: dict[str, tuple[Member, ...] | dict[str, Member]] = {}
        self.count = 0

    def live(self, key: str, now: float) -> list[str]:
        """Return the members of a key that live at a time."""
        return [member.text for member in _listed(self._members.get(key, ())) if now < member]

    def put(self, member: Member) -> bool:
        """Put a member in, in place of one that ends earlier; tell whether it was."""
        members = self._members.get(member.key, ())
        before = _find(members, member.text)
        if before is None:
            self.count += 1
        elif member <= before:
            return False
        if isinstance(members, dict):
            members[member.text] = member
            return True
        if members:
            member.key = members[0].key  # one string for all
        kept = (*(members if before is None else _without(members, before)), member)
        self._members[member.key] = kept if len(kept) <= _FEW else {each.text: each for each in kept}
        return True

    def remove(self, key: str, text: str) -> None:
        """Remove a member, if there is one."""
        members = self._members.get(key, ())
        found = _find(members, text)
        if found is not None:
            self._take(members, found)

    def expire(self, member: Member) -> None:
        """Remove a member, unless it was removed before or another has its place."""
        members = self._members.get(member.key, ())
        if _find(members, member.text) is member:
            self._take(members, member)

    def all(self) -> list[Member]:
        """Return every member."""
        return [member for members in self._members.values() for member in _listed(members)]

    def clear(self) -> None:
        """Forget everything."""
        self._members.clear()
        self.count = 0

    def _take(self, members: tuple[Member, ...] | dict[str, Member], member: Member) -> None:
        self.count -= 1
        if isinstance(members, dict):
            del members[member.text]
            if len(members) <= _FEW // 2:  # half, so that a set at the border does not change its form at every call
                self._members[member.key] = tuple(members.values())
        elif len(members) > 1:
            self._members[member.key] = _without(members, member)
        else:
            del self._members[member.key]


def _listed(members: tuple[Member, ...] | dict[str, Member]) -> Iterable[Member]:
    return members if isinstance(members, tuple) else members.copy().values()  # a copy is one step to others


def _find(members: tuple[Member, ...] | dict[str, Member], text: str) -> Member | None:
    if isinstance(members, dict):
        return members.get(text)
    for member in members:
        if member.text == text:
            return member
    return None


def _without(members: tuple[Member, ...], member: Member) -> tuple[Member, ...]:
    return tuple([each for each in members if each is not member])
