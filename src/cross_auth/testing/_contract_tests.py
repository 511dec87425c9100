"""The sentences of the storage contract, one test each."""

from cross_auth._protocols import IndexedStorage, SecondaryStorage
from cross_auth.testing._cancellation import calls_survive_cancellation
from cross_auth.testing._clock import close
from cross_auth.testing._index import has_index, listed
from cross_auth.testing._index_tests import IndexTests
from cross_auth.testing._index_ttl_tests import IndexTtlTests
from cross_auth.testing._laws import law
from cross_auth.testing._ttl_tests import TtlTests
from cross_auth.testing._value_tests import ValueTests


class ContractTests(ValueTests, TtlTests, IndexTests, IndexTtlTests):
    """The tests; ``StorageContract`` and ``AsyncStorageContract`` are what a user subclasses."""

    @law("storage-starts-empty")
    def test_two_fresh_storages_share_nothing(self, storage: SecondaryStorage) -> None:
        """What one storage holds is not in another that was made fresh after it."""
        storage.set("key", "value")
        another = self._make()
        try:
            assert another.get("key") is None
        finally:
            close(another)

    @law("storage-starts-empty")
    def test_two_fresh_storages_share_no_set(self, index: IndexedStorage) -> None:
        """What was added to one storage is not in another that was made fresh after it."""
        index.add("user:key", "member", 60)
        another = self._make()
        try:
            assert has_index(another), "a second storage is without add, members and discard"
            assert [] == listed(another, "user:key")
        finally:
            close(another)


class AsyncContractTests(ContractTests):
    """What an async storage keeps beside."""

    @law("storage-is-awaited")
    def test_each_method_is_a_coroutine_function(self, storage: SecondaryStorage) -> None:
        """The four methods are coroutine functions, which the functions of cross_auth.aio await."""
        storage.set("key", "value")
        storage.delete("key")
        assert (None, None) == (storage.get("key"), storage.pop("key"))

    @law("storage-is-awaited")
    def test_each_method_of_the_index_is_a_coroutine_function(self, index: IndexedStorage) -> None:
        """The three methods are coroutine functions, too."""
        index.add("user:key", "member", 60)
        index.discard("user:key", "member")
        assert [] == listed(index, "user:key")

    @law("storage-survives-cancellation")
    def test_a_call_that_is_cancelled_disturbs_no_other(self, storage: SecondaryStorage) -> None:
        """Calls that are cancelled at any point leave each other call its own answer."""
        calls_survive_cancellation(storage)
