"""The sets of a storage against a dict of dicts, where it keeps sets."""

from collections.abc import Callable
from math import inf

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, precondition, rule

from cross_auth._protocols import IndexedStorage
from cross_auth.testing import _strategies as draw
from cross_auth.testing._index import check_whole, has_index, listed
from cross_auth.testing._laws import clause
from cross_auth.testing._machine import StorageUnderTest
from cross_auth.testing._on_loop import as_written

_HAS = "storage-index-has-what-was-added"
_EXPIRES = "storage-index-expires-one-by-one"
_NEVER_SHORTENS = "storage-index-never-shortens"
_DISCARD = "storage-index-discard-is-quiet"
_EXACT = "storage-index-is-exact"
_WHOLE = "storage-index-is-whole"

_with_sets = precondition(lambda self: self.keeps_sets)


class IndexMachine(StorageUnderTest):
    """Every set has the members that a dict of deadlines has, whatever came before."""

    added = Bundle[tuple[str, str]]("added")

    def __init__(self) -> None:
        super().__init__()
        # A clock of the storage's own goes on while a test runs: there a second of the model is a minute.
        self.unit = 60 if self.subject.own_clock else 1
        self.elapsed = 0.0
        self.keeps_sets = has_index(self.handles[0])
        self.sets: dict[str, dict[str, float]] = {}
        self.changes: dict[str, tuple[str, float]] = {}  # the sentence on what was done with a set last, and when

    def index(self, data: st.DataObject) -> IndexedStorage:
        storage = self.handle(data)
        assert has_index(storage)
        return storage

    def live_members(self, key: str) -> list[str]:
        return sorted(member for member, deadline in self.sets.get(key, {}).items() if self.elapsed < deadline)

    @_with_sets
    @rule(target=added, key=draw.set_keys, member=draw.members, ttl=draw.member_ttls, data=st.data())
    def add(self, key: str, member: str, ttl: int, data: st.DataObject) -> tuple[str, str]:
        self.put(key, member, ttl, _NEVER_SHORTENS if self.live_members(key) else _HAS, data)
        return key, member

    @_with_sets
    @rule(place=added, ttl=draw.member_ttls, wait=st.booleans(), data=st.data())
    def add_again(self, place: tuple[str, str], ttl: int, wait: bool, data: st.DataObject) -> None:
        key, member = place
        before = self.sets[key].get(member, 0)
        self.add(key, member, ttl, data)
        if wait:
            self.run_to(min(before, self.elapsed + ttl) if self.elapsed < before else 0)

    @_with_sets
    @rule(target=added, place=added, change=draw.changes, of_key=st.booleans(), ttl=draw.member_ttls, data=st.data())
    def add_its_neighbour(
        self, place: tuple[str, str], change: Callable[[str], str], of_key: bool, ttl: int, data: st.DataObject
    ) -> tuple[str, str]:
        key, member = self.neighbour(place, change, of_key)
        self.put(key, member, ttl, _EXACT, data)
        self.check_set(place[0], self.index(data), _EXACT)
        return key, member

    def neighbour(self, place: tuple[str, str], change: Callable[[str], str], of_key: bool) -> tuple[str, str]:
        key, member = place
        return (draw.beside(key, change), member) if of_key else (key, draw.beside(member, change))

    def put(self, key: str, member: str, ttl: int, sentence: str, data: st.DataObject) -> None:
        with clause(sentence):
            self.index(data).add(key, member, ttl * self.unit)
        deadlines = self.sets.setdefault(key, {})
        deadlines[member] = max(deadlines.get(member, 0), self.elapsed + ttl)
        self.changes[key] = sentence, self.elapsed
        self.check_set(key, self.index(data))

    @_with_sets
    @rule(key=draw.set_keys, data=st.data())
    def members(self, key: str, data: st.DataObject) -> None:
        self.check_set(key, self.index(data))

    @_with_sets
    @rule(place=added, data=st.data())
    def discard(self, place: tuple[str, str], data: st.DataObject) -> None:
        key, member = place
        with clause(_DISCARD):
            self.index(data).discard(key, member)
        self.sets.get(key, {}).pop(member, None)
        self.changes[key] = _DISCARD, self.elapsed
        self.check_set(key, self.index(data))

    @_with_sets
    @rule(place=added, change=draw.changes, of_key=st.booleans(), data=st.data())
    def discard_its_neighbour(
        self, place: tuple[str, str], change: Callable[[str], str], of_key: bool, data: st.DataObject
    ) -> None:
        self.discard(self.neighbour(place, change, of_key), data)
        self.check_set(place[0], self.index(data), _EXACT)

    @_with_sets
    @rule(place=added, before=draw.befores)
    def advance_to_the_end_of_a_member(self, place: tuple[str, str], before: int) -> None:
        key, member = place
        self.run_to(self.sets[key].get(member, 0), before)

    def run_to(self, instant: float, before: int = 0) -> None:
        """Let time pass until an instant to come, or a little before it."""
        seconds = instant - self.elapsed - before
        if self.subject.advance is not None and 0 < seconds < inf:
            self.let_pass(seconds)

    def let_pass(self, seconds: float) -> None:
        self.pass_time(seconds * self.unit, seconds * self.unit)
        self.elapsed += seconds
        self.check_all()

    def check_set(self, key: str, storage: IndexedStorage, sentence: str | None = None) -> None:
        with clause(_HAS):
            found = listed(storage, key)
        wanted = self.live_members(key)
        with clause(_HAS if wanted == found else sentence or self.broken(key, found)):
            assert wanted == found, f"members({key!r}): found {found!r}, wanted {wanted!r}"

    def broken(self, key: str, found: list[str]) -> str:
        """Return the sentence that is broken where a set does not read as it should."""
        wanted = self.live_members(key)
        if any(has_index(handle) and listed(handle, key) == wanted for handle in self.handles):
            return _WHOLE
        sentence, when = self.changes.get(key, (_EXACT, self.elapsed))
        strangers = {*found} - {*wanted}
        if strangers:
            return _EXPIRES if strangers & {*self.sets.get(key, ())} else sentence if sentence == _DISCARD else _EXACT
        if len(found) > len({*found}):
            return _HAS
        if when < self.elapsed:
            return _EXPIRES if sentence == _HAS else _NEVER_SHORTENS
        return sentence

    def check_all(self) -> None:
        storage = self.handles[0]
        check_whole(as_written(storage))
        if has_index(storage):
            for key in self.sets:
                self.check_set(key, storage)
