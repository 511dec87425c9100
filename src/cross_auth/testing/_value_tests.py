"""What becomes of values, by the contract."""

import pytest

from cross_auth._protocols import SecondaryStorage
from cross_auth.testing._concurrency import pops_have_one_winner, values_stay_whole, writes_are_kept
from cross_auth.testing._laws import law
from cross_auth.testing._storage_tests import StorageTests

_VALUES = ["", " ", "\t\r\n", "'\"\\", "\\u0000", '{"a": [1, null]}', "é", "e\u0301", "\u2028", "\U0001f36a", "%s"]


class ValueTests(StorageTests):
    """The tests of values under keys."""

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
        found = storage.get("key")
        same = value == found  # apart from the assert: pytest would compare for hours
        assert same, f"found {'nothing' if found is None else f'{len(found)} characters'}, wanted 2**19 times 'é'"

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

    @law("storage-get-returns-what-was-set")
    def test_keys_are_kept_beside_each_other(self, storage: SecondaryStorage) -> None:
        """A key that was set before many others is there, and so is each of them."""
        keys = [f"key {number}" for number in range(50)]
        for key in keys:
            storage.set(key, key)
        assert keys == [storage.get(key) for key in keys]

    @law("storage-set-replaces")
    def test_set_replaces_the_value(self, storage: SecondaryStorage) -> None:
        """A second set replaces the value whole."""
        storage.set("key", "a longer value")
        storage.set("key", "value")
        assert "value" == storage.get("key")

    @law("storage-delete-is-quiet")
    def test_a_deleted_key_can_be_set_again(self, storage: SecondaryStorage) -> None:
        """A delete ends what was there, not what comes after it."""
        storage.set("key", "value")
        storage.delete("key")
        storage.set("key", "another value")
        assert "another value" == storage.get("key")

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
        storage.get("key")
        assert ("value", None, None) == (storage.pop("key"), storage.pop("key"), storage.get("key"))

    @law("storage-pop-has-one-winner")
    def test_of_concurrent_pops_exactly_one_wins(self, storage: SecondaryStorage) -> None:
        """Of callers that pop the same keys in the same order exactly one gets each value, over and over."""
        pops_have_one_winner(storage)

    @law("storage-is-safe-for-threads")
    def test_writes_of_concurrent_callers_are_all_kept(self, storage: SecondaryStorage) -> None:
        """What callers set at the same time is all there afterwards, and what they deleted is not."""
        writes_are_kept(storage)

    @law("storage-get-returns-what-was-set")
    def test_a_value_that_is_replaced_concurrently_stays_whole(self, storage: SecondaryStorage) -> None:
        """A key that callers set over and over reads as what one of them had set, and never as nothing."""
        values_stay_whole(storage)
