"""What someone who writes a storage subclasses."""

import time

from cross_auth._protocols import SecondaryStorage
from cross_auth.testing._contract_tests import ContractTests


class StorageContract(ContractTests):
    """Hold a storage to every sentence of ``SecondaryStorage``.

    Make a subclass whose name starts with ``Test`` and give it ``make_storage``;
    give it ``advance`` too where the storage's time can be moved, which spares the real waits.
    """

    def make_storage(self) -> SecondaryStorage:
        """Return a fresh, empty storage."""
        raise TypeError(f"{type(self).__name__} needs a method make_storage(self) that returns an empty storage")

    def advance(self, storage: SecondaryStorage, seconds: float) -> None:
        """Let so many seconds pass for the storage: by waiting, unless a subclass knows better."""
        time.sleep(seconds)
