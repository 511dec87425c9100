"""A storage against a plain dict, in any order of calls that Hypothesis can think of."""

from collections.abc import Callable
from math import inf
from unittest import TestCase

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, precondition, rule

from cross_auth._protocols import SecondaryStorage
from cross_auth.testing import _strategies as draw
from cross_auth.testing._clock import Advance
from cross_auth.testing._laws import law
from cross_auth.testing._machine import Factory, Reopen, StorageUnderTest, test_case


@law(
    "storage-get-returns-what-was-set",
    "storage-set-replaces",
    "storage-honours-ttl",
    "storage-delete-is-quiet",
    "storage-pop-has-one-winner",
    "storage-keys-are-exact",
)
class StorageMachine(StorageUnderTest):
    """Every call answers as a dict of values and deadlines does, whatever came before it."""

    keys = Bundle[str]("keys")

    def __init__(self) -> None:
        super().__init__()
        self.elapsed = 0
        self.model: dict[str, tuple[str, float]] = {}

    def live(self, key: str) -> str | None:
        value, deadline = self.model.get(key, (None, inf))
        return value if self.elapsed < deadline else None

    @rule(target=keys, key=draw.keys, value=draw.values, ttl=draw.ttls, data=st.data())
    def set_a_new_key(self, key: str, value: str, ttl: int | None, data: st.DataObject) -> str:
        self.set(key, value, ttl, data)
        return key

    @rule(target=keys, key=keys, neighbour=draw.neighbours, value=draw.values, ttl=draw.ttls, data=st.data())
    def set_its_neighbour(
        self, key: str, neighbour: Callable[[str], str], value: str, ttl: int | None, data: st.DataObject
    ) -> str:
        beside = neighbour(key)[:128] or key
        self.set(beside, value, ttl, data)
        return beside

    @rule(key=keys, value=draw.values, ttl=draw.ttls, data=st.data())
    def set(self, key: str, value: str, ttl: int | None, data: st.DataObject) -> None:
        self.handle(data).set(key, value, ttl=ttl)
        self.model[key] = value, inf if ttl is None else self.elapsed + ttl
        self.check(key, self.handle(data))

    @rule(key=keys, data=st.data())
    def get(self, key: str, data: st.DataObject) -> None:
        self.check(key, self.handle(data))

    @rule(key=keys, data=st.data())
    def pop(self, key: str, data: st.DataObject) -> None:
        found, wanted = self.handle(data).pop(key), self.live(key)
        assert wanted == found, f"pop: found {found!r}, wanted {wanted!r}, what was set last while it is live"
        self.model.pop(key, None)
        self.check(key, self.handle(data))

    @rule(key=keys, data=st.data())
    def delete(self, key: str, data: st.DataObject) -> None:
        self.handle(data).delete(key)
        self.model.pop(key, None)
        self.check(key, self.handle(data))

    @precondition(lambda self: self.subject.advance is not None)
    @rule(seconds=draw.seconds)
    def advance(self, seconds: int) -> None:
        self.pass_time(seconds, seconds)
        self.elapsed += seconds
        self.check_all()

    def check(self, key: str, storage: SecondaryStorage) -> None:
        found, wanted = storage.get(key), self.live(key)
        assert wanted == found, f"get: found {found!r}, wanted {wanted!r}, what was set last while it is live"

    def check_all(self) -> None:
        for key in self.model:
            self.check(key, self.handles[0])


def storage_machine(
    factory: Factory, *, advance: Advance | None = None, reopen: Reopen | None = None
) -> type[TestCase]:
    """Return a test case that holds a storage to the contract, whatever the order of the calls.

    ``factory()`` returns a fresh, empty storage.
    ``advance(storage, seconds)`` lets time pass for a storage with a clock of its own, by shifting what it holds;
    a storage that reads the time of this process needs none, any other one without it costs one wait of 1.2 seconds.
    ``reopen(storage)`` returns another handle on what a storage holds, which may have been closed.
    """
    return test_case(StorageMachine, factory, advance, reopen)
