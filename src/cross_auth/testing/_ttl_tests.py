"""How long values live, by the contract."""

from cross_auth._protocols import SecondaryStorage
from cross_auth.testing._laws import law
from cross_auth.testing._storage_tests import StorageTests


class TtlTests(StorageTests):
    """The tests of what a ttl does."""

    @law("storage-set-replaces")
    def test_set_replaces_a_short_ttl(self, storage: SecondaryStorage) -> None:
        """A second set with a longer ttl, or none, outlives the first ttl."""
        storage.set("longer", "value", ttl=1)
        storage.set("endless", "value", ttl=1)
        storage.set("longer", "value", ttl=60)
        storage.set("endless", "value")
        self._pass_time(storage, 1.2)
        assert ("value", "value") == (storage.get("longer"), storage.get("endless"))

    @law("storage-set-replaces")
    def test_set_replaces_a_long_ttl(self, storage: SecondaryStorage) -> None:
        """A second set with a shorter ttl ends with that one."""
        storage.set("key", "value", ttl=60)
        storage.set("key", "value", ttl=1)
        self._pass_time(storage, 1.2)
        assert storage.get("key") is None

    @law("storage-honours-ttl")
    def test_a_key_is_gone_after_its_ttl(self, storage: SecondaryStorage) -> None:
        """Get and pop find nothing once the ttl has passed; a key with a longer one stays."""
        storage.set("read", "value", ttl=1)
        storage.set("popped", "value", ttl=1)
        storage.set("longer", "value", ttl=60)
        self._pass_time(storage, 1.2)
        assert (None, None, "value") == (storage.get("read"), storage.pop("popped"), storage.get("longer"))

    @law("storage-honours-ttl")
    def test_reading_a_key_does_not_renew_its_ttl(self, storage: SecondaryStorage) -> None:
        """A key that is read while it lives ends when it would have ended."""
        storage.set("key", "value", ttl=3)
        self._pass_time(storage, 1.5)
        assert "value" == storage.get("key")
        self._pass_time(storage, 1.7)
        assert storage.get("key") is None

    @law("storage-honours-ttl")
    def test_a_ttl_of_400_days_is_not_over_yet(self, storage: SecondaryStorage) -> None:
        """The longest max_age of a session fits."""
        storage.set("key", "value", ttl=34_560_000)
        assert "value" == storage.get("key")
