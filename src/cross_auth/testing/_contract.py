"""What someone who writes a storage subclasses."""

import asyncio
import time
from collections.abc import Awaitable

from cross_auth._protocols import AsyncSecondaryStorage, SecondaryStorage
from cross_auth.testing._contract_tests import AsyncContractTests, ContractTests
from cross_auth.testing._on_loop import advancing, opened


class StorageContract(ContractTests):
    """Hold a storage to every sentence of ``SecondaryStorage``.

    Make a subclass whose name starts with ``Test`` and give it ``make_storage``;
    give it ``advance`` too where the storage's time can be moved, which spares the real waits.
    A storage that has ``add``, ``members`` and ``discard`` is held to ``IndexedStorage`` as well.
    """

    def make_storage(self) -> SecondaryStorage:
        """Return a fresh, empty storage."""
        raise TypeError(f"{type(self).__name__} needs a method make_storage(self) that returns an empty storage")

    def advance(self, storage: SecondaryStorage, seconds: float) -> None:
        """Let so many seconds pass for the storage: by waiting, unless a subclass knows better."""
        time.sleep(seconds)

    def _make(self) -> SecondaryStorage:
        return self.make_storage()

    def _pass_time(self, storage: SecondaryStorage, seconds: float) -> None:
        self.advance(storage, seconds)


class AsyncStorageContract(AsyncContractTests):
    """Hold an async storage to every sentence of ``AsyncSecondaryStorage``.

    As ``StorageContract``; both methods may be coroutine functions, and so may ``close`` of the storage.
    The storage is made, used and closed on one event loop, in a thread of its own, whatever pytest runs on.
    """

    def make_storage(self) -> AsyncSecondaryStorage | Awaitable[AsyncSecondaryStorage]:
        """Return a fresh, empty storage."""
        raise TypeError(f"{type(self).__name__} needs a method make_storage(self) that returns an empty storage")

    def advance(self, storage: AsyncSecondaryStorage, seconds: float) -> object:
        """Let so many seconds pass for the storage: by waiting, unless a subclass knows better."""
        return asyncio.sleep(seconds)

    def _make(self) -> SecondaryStorage:
        return opened(self.make_storage)

    def _pass_time(self, storage: SecondaryStorage, seconds: float) -> None:
        advancing(self.advance)(storage, seconds)
