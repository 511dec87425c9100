"""The sentences of the storage contract, one test each."""

import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count, takewhile
from threading import Barrier
from typing import TypeVar

import pytest

from cross_auth._protocols import SecondaryStorage
from cross_auth.testing._clock import close
from cross_auth.testing._laws import law

T = TypeVar("T")

_THREADS = 4
_VALUES = ["", " ", "\t\r\n", "'\"\\", "\\u0000", '{"a": [1, null]}', "é", "e\u0301", "\u2028", "\U0001f36a", "%s"]


def for_a_moment() -> Iterator[int]:
    """Repeat for half a second, and twice at least: a race in a fast storage needs many tries."""
    begin = time.perf_counter()
    yield from takewhile(lambda turn: turn < 2 or time.perf_counter() - begin < 0.5, count())


def at_once(work: Callable[[int], T]) -> list[T]:
    """Run work in a few threads that start together and are switched between as often as Python can."""
    start, interval = Barrier(_THREADS), sys.getswitchinterval()

    def begin(thread: int) -> T:
        start.wait()
        return work(thread)

    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(_THREADS) as threads:
            return list(threads.map(begin, range(_THREADS)))
    finally:
        sys.setswitchinterval(interval)


class ContractTests:
    """The tests; ``StorageContract`` is what a user subclasses."""

    make_storage: Callable[[], SecondaryStorage]
    advance: Callable[[SecondaryStorage, float], None]

    @pytest.fixture
    def storage(self) -> Iterator[SecondaryStorage]:
        storage = self.make_storage()
        yield storage
        close(storage)

    @law("storage-get-returns-what-was-set")
    @pytest.mark.parametrize("value", _VALUES)
    def test_get_returns_what_was_set(self, storage: SecondaryStorage, value: str) -> None:
        """A value comes back as it was set, to the character."""
        storage.set("key", value)
        assert value == storage.get("key")

    @law("storage-get-returns-what-was-set")
    def test_a_value_of_one_mebibyte_is_kept_whole(self, storage: SecondaryStorage) -> None:
        """A value of 1 MiB of UTF-8 comes back whole."""
        value = "é" * 2**19
        storage.set("key", value, ttl=60)
        assert value == storage.get("key")

    @law("storage-get-returns-what-was-set")
    def test_a_key_that_was_never_set_has_no_value(self, storage: SecondaryStorage) -> None:
        """An unknown key reads as None."""
        storage.set("key", "value")
        assert storage.get("another") is None

    @law("storage-get-returns-what-was-set")
    def test_reading_changes_nothing(self, storage: SecondaryStorage) -> None:
        """A value can be read again and again."""
        storage.set("key", "value", ttl=60)
        assert ["value"] * 3 == [storage.get("key") for _ in range(3)]

    @law("storage-keys-are-exact")
    @pytest.mark.parametrize("other", ["KEY", "Key", "key ", " key", "ke", "key%", "k_y", "k?y", "k*"])
    def test_keys_that_differ_in_one_byte_are_different_keys(self, storage: SecondaryStorage, other: str) -> None:
        """Keys are compared byte by byte: no folding, trimming or patterns."""
        storage.set("key", "value")
        storage.set(other, "another value")
        storage.delete(other)
        assert ("value", None) == (storage.get("key"), storage.get(other))

    @law("storage-keys-are-exact")
    @pytest.mark.parametrize("length", [1, 128])
    def test_keys_have_1_to_128_characters(self, storage: SecondaryStorage, length: int) -> None:
        """The shortest and the longest key are kept apart from a key that differs in the last character."""
        storage.set("x" * (length - 1) + "a", "a")
        storage.set("x" * (length - 1) + "b", "b")
        assert ("a", "b") == (storage.get("x" * (length - 1) + "a"), storage.get("x" * (length - 1) + "b"))

    @law("storage-set-replaces")
    def test_set_replaces_the_value(self, storage: SecondaryStorage) -> None:
        """A second set replaces the value whole."""
        storage.set("key", "a longer value")
        storage.set("key", "value")
        assert "value" == storage.get("key")

    @law("storage-set-replaces")
    def test_set_replaces_a_short_ttl(self, storage: SecondaryStorage) -> None:
        """A second set with a longer ttl, or none, outlives the first ttl."""
        storage.set("longer", "value", ttl=1)
        storage.set("endless", "value", ttl=1)
        storage.set("longer", "value", ttl=60)
        storage.set("endless", "value")
        self.advance(storage, 1.2)
        assert ("value", "value") == (storage.get("longer"), storage.get("endless"))

    @law("storage-set-replaces")
    def test_set_replaces_a_long_ttl(self, storage: SecondaryStorage) -> None:
        """A second set with a shorter ttl ends with that one."""
        storage.set("key", "value", ttl=60)
        storage.set("key", "value", ttl=1)
        self.advance(storage, 1.2)
        assert storage.get("key") is None

    @law("storage-honours-ttl")
    def test_a_key_is_gone_after_its_ttl(self, storage: SecondaryStorage) -> None:
        """Get and pop find nothing once the ttl has passed; a key with a longer one stays."""
        storage.set("read", "value", ttl=1)
        storage.set("popped", "value", ttl=1)
        storage.set("longer", "value", ttl=60)
        self.advance(storage, 1.2)
        assert (None, None, "value") == (storage.get("read"), storage.pop("popped"), storage.get("longer"))

    @law("storage-delete-is-quiet")
    def test_delete_removes_a_key_and_no_other(self, storage: SecondaryStorage) -> None:
        """A deleted key is gone, its neighbour stays."""
        storage.set("key", "value")
        storage.set("neighbour", "value")
        storage.delete("key")
        assert (None, "value") == (storage.get("key"), storage.get("neighbour"))

    @law("storage-delete-is-quiet")
    def test_delete_of_an_absent_key_is_a_no_op(self, storage: SecondaryStorage) -> None:
        """Deleting what is not there, or is there no more, raises nothing."""
        storage.set("key", "value")
        storage.delete("key")
        storage.delete("key")
        storage.delete("never set")

    @law("storage-pop-has-one-winner")
    def test_pop_returns_the_value_and_removes_the_key(self, storage: SecondaryStorage) -> None:
        """The first pop gets the value, the second nothing, and neither does a get."""
        storage.set("key", "value", ttl=60)
        assert ("value", None, None) == (storage.pop("key"), storage.pop("key"), storage.get("key"))

    @law("storage-pop-has-one-winner")
    def test_of_concurrent_pops_exactly_one_wins(self, storage: SecondaryStorage) -> None:
        """Of threads that pop the same keys in the same order exactly one gets each value, over and over."""
        keys = [f"key {number}" for number in range(200)]
        for _ in for_a_moment():
            for key in keys:
                storage.set(key, key, ttl=60)
            won = [value for values in at_once(lambda _: [storage.pop(key) for key in keys]) for value in values]
            assert sorted(keys) == sorted(value for value in won if value is not None), "pop: one value, one winner"

    @law("storage-is-safe-for-threads")
    def test_writes_of_many_threads_are_all_kept(self, storage: SecondaryStorage) -> None:
        """What threads set at the same time is all there afterwards, and what they deleted is not."""

        def write(thread: int) -> list[str]:
            keys = [f"{thread} {turn}" for turn in range(50)]
            for key in keys:
                storage.set(key, key, ttl=60)
                storage.set("shared", key, ttl=60)
            storage.delete(keys[0])
            return keys

        for _ in for_a_moment():
            for keys in at_once(write):
                found = [storage.pop(key) for key in keys]
                assert [None, *keys[1:]] == found, "a write of one thread was lost because of another thread"

    @law("storage-starts-empty")
    def test_two_fresh_storages_share_nothing(self, storage: SecondaryStorage) -> None:
        """What one storage holds is not in another that was made fresh after it."""
        storage.set("key", "value")
        another = self.make_storage()
        try:
            assert another.get("key") is None
        finally:
            close(another)
