"""A storage against a plain dict, in any order of calls that Hypothesis can think of."""

from collections.abc import Callable
from math import inf
from unittest import TestCase

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, precondition, rule

from cross_auth._protocols import SecondaryStorage
from cross_auth.testing import _strategies as draw
from cross_auth.testing._clock import Advance
from cross_auth.testing._index_machine import IndexMachine
from cross_auth.testing._laws import clause, law
from cross_auth.testing._machine import test_case
from cross_auth.testing._on_loop import AsyncAdvance, AsyncFactory, AsyncReopen, Factory, Reopen, sync_form

_GET = "storage-get-returns-what-was-set"
_SET = "storage-set-replaces"
_TTL = "storage-honours-ttl"
_DELETE = "storage-delete-is-quiet"
_POP = "storage-pop-has-one-winner"
_KEYS = "storage-keys-are-exact"


@law(
    "storage-get-returns-what-was-set",
    "storage-set-replaces",
    "storage-honours-ttl",
    "storage-delete-is-quiet",
    "storage-pop-has-one-winner",
    "storage-keys-are-exact",
    "storage-index-has-what-was-added",
    "storage-index-expires-one-by-one",
    "storage-index-never-shortens",
    "storage-index-discard-is-quiet",
    "storage-index-is-exact",
    "storage-index-is-whole",
)
class StorageMachine(IndexMachine):
    """Every call answers as a dict of values and deadlines does, whatever came before it."""

    keys = Bundle[str]("keys")

    def __init__(self) -> None:
        super().__init__()
        self.model: dict[str, tuple[str, float]] = {}
        self.last: dict[str, tuple[str, float]] = {}  # the sentence on what was done with a key last, and when

    def live(self, key: str) -> str | None:
        value, deadline = self.model.get(key, (None, inf))
        return value if self.elapsed < deadline else None

    def sentence(self, key: str) -> str:
        """Return the sentence that is broken where a key does not read as it should."""
        last, when = self.last[key]
        return _TTL if key in self.model and when < self.elapsed else last

    @rule(target=keys, key=draw.keys, value=draw.values, ttl=draw.ttls, data=st.data())
    def set_a_new_key(self, key: str, value: str, ttl: int | None, data: st.DataObject) -> str:
        self.set(key, value, ttl, data)
        return key

    @rule(target=keys, key=keys, change=draw.changes, value=draw.values, ttl=draw.ttls, data=st.data())
    def set_its_neighbour(
        self, key: str, change: Callable[[str], str], value: str, ttl: int | None, data: st.DataObject
    ) -> str:
        neighbour = draw.beside(key, change)
        self.check(key, self.handle(data))
        self.set(neighbour, value, ttl, data)
        self.check(key, self.handle(data), _KEYS)
        return neighbour

    @rule(key=keys, value=draw.values, ttl=draw.ttls, data=st.data())
    def set(self, key: str, value: str, ttl: int | None, data: st.DataObject) -> None:
        sentence = _SET if key in self.model else _GET
        with clause(sentence):
            self.handle(data).set(key, value, ttl=ttl and ttl * self.unit)
        self.model[key] = value, inf if ttl is None else self.elapsed + ttl
        self.last[key] = sentence, self.elapsed
        self.check(key, self.handle(data))

    @rule(key=keys, data=st.data())
    def get(self, key: str, data: st.DataObject) -> None:
        self.check(key, self.handle(data))

    @rule(key=keys, data=st.data())
    def pop(self, key: str, data: st.DataObject) -> None:
        with clause(_POP if self.live(key) is not None else self.sentence(key)):
            found, wanted = self.handle(data).pop(key), self.live(key)
            assert wanted == found, f"pop({key!r}): found {found!r}, wanted {wanted!r}"
        self.forget(key, _POP, data)

    @rule(key=keys, data=st.data())
    def delete(self, key: str, data: st.DataObject) -> None:
        with clause(_DELETE):
            self.handle(data).delete(key)
        self.forget(key, _DELETE, data)
        for other in self.model:
            self.check(other, self.handles[0], _DELETE)

    def forget(self, key: str, sentence: str, data: st.DataObject) -> None:
        self.model.pop(key, None)
        self.last[key] = sentence, self.elapsed
        self.check(key, self.handle(data))

    @precondition(lambda self: self.subject.advance is not None)
    @rule(seconds=draw.seconds)
    def advance(self, seconds: float) -> None:
        self.let_pass(seconds)

    @precondition(lambda self: self.subject.advance is not None)
    @rule(key=keys, before=draw.befores)
    def advance_to_the_end_of(self, key: str, before: int) -> None:
        _, deadline = self.model.get(key, (None, inf))
        self.run_to(deadline, before)

    def check(self, key: str, storage: SecondaryStorage, sentence: str | None = None) -> None:
        with clause(sentence or self.sentence(key)):
            found, wanted = storage.get(key), self.live(key)
            assert wanted == found, f"get({key!r}): found {found!r}, wanted {wanted!r}"

    def check_all(self) -> None:
        super().check_all()
        for key in self.last:
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


def async_storage_machine(
    factory: AsyncFactory, *, advance: AsyncAdvance | None = None, reopen: AsyncReopen | None = None
) -> type[TestCase]:
    """Return a test case that holds an async storage to the contract, whatever the order of the calls.

    As ``storage_machine``; each of the three may be a coroutine function, and so may ``close`` of the storage.
    """
    return test_case(StorageMachine, *sync_form(factory, advance, reopen))
