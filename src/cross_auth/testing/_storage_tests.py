"""What the tests of the contract have in common: the storage, made fresh for each."""

from collections.abc import Iterator

import pytest

from cross_auth._protocols import IndexedStorage, SecondaryStorage
from cross_auth.testing._clock import close
from cross_auth.testing._index import has_index, unlisted


class StorageTests:
    """The fixtures; ``StorageContract`` and ``AsyncStorageContract`` say where a storage comes from."""

    def _make(self) -> SecondaryStorage:
        raise NotImplementedError

    def _pass_time(self, storage: SecondaryStorage, seconds: float) -> None:
        raise NotImplementedError

    @pytest.fixture
    def storage(self) -> Iterator[SecondaryStorage]:
        storage = self._make()
        yield storage
        close(storage)

    @pytest.fixture
    def index(self, storage: SecondaryStorage) -> IndexedStorage:
        """Return the storage if it keeps sets."""
        if not has_index(storage):
            pytest.skip(unlisted(storage))
        return storage
