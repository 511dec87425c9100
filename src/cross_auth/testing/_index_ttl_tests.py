"""How long members live, by the contract of a storage that keeps sets."""

from cross_auth._protocols import IndexedStorage
from cross_auth.testing._index import listed
from cross_auth.testing._laws import law
from cross_auth.testing._storage_tests import StorageTests


class IndexTtlTests(StorageTests):
    """The tests of what the ttl of a member does."""

    @law("storage-index-expires-one-by-one")
    def test_a_member_is_gone_after_its_ttl_and_no_other(self, index: IndexedStorage) -> None:
        """A short-lived member goes, alone or before one that was added after it and stays."""
        index.add("user:alone", "short", 1)
        index.add("user:key", "short", 1)
        index.add("user:key", "long", 60)
        self._pass_time(index, 1.2)
        assert ([], ["long"]) == (listed(index, "user:alone"), listed(index, "user:key"))

    @law("storage-index-expires-one-by-one")
    def test_reading_members_does_not_renew_them(self, index: IndexedStorage) -> None:
        """A member that is read while it lives ends when it would have ended."""
        index.add("user:key", "member", 3)
        self._pass_time(index, 1.5)
        assert ["member"] == listed(index, "user:key")
        self._pass_time(index, 1.7)
        assert [] == listed(index, "user:key")

    @law("storage-index-expires-one-by-one")
    def test_a_longer_ttl_outlives_a_shorter_one(self, index: IndexedStorage) -> None:
        """A member that is added again for longer lives for longer."""
        index.add("user:key", "member", 1)
        index.add("user:key", "member", 60)
        self._pass_time(index, 1.2)
        assert ["member"] == listed(index, "user:key")

    @law("storage-index-expires-one-by-one")
    def test_a_set_whose_members_are_dead_can_be_used_again(self, index: IndexedStorage) -> None:
        """A member that had expired can be added again, and others with it."""
        index.add("user:key", "member", 1)
        self._pass_time(index, 1.2)
        index.add("user:key", "another", 60)
        assert ["another"] == listed(index, "user:key")
        index.add("user:key", "member", 60)
        assert ["another", "member"] == listed(index, "user:key")

    @law("storage-index-expires-one-by-one")
    def test_a_ttl_of_400_days_and_an_hour_is_not_over_yet(self, index: IndexedStorage) -> None:
        """The longest ttl that sessions ask for fits."""
        index.add("user:key", "member", 34_560_000 + 3600)
        assert ["member"] == listed(index, "user:key")

    @law("storage-index-never-shortens")
    def test_a_shorter_ttl_shortens_no_life(self, index: IndexedStorage) -> None:
        """A member that is added again for less keeps its time, and so does one beside a shorter one."""
        index.add("user:again", "member", 60)
        index.add("user:again", "member", 1)
        index.add("user:beside", "long", 60)
        index.add("user:beside", "short", 1)
        self._pass_time(index, 1.2)
        assert (["member"], ["long"]) == (listed(index, "user:again"), listed(index, "user:beside"))
