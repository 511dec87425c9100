"""A contract suite for each mutant, for pytest to run: each should fail, and those of the right storages pass."""

import os
from typing import Any

from cross_auth.testing import AsyncStorageContract, StorageContract
from tests.meta.mutants import ASYNC, MUTANTS
from tests.meta.mutants_async import AsyncPlain
from tests.meta.mutants_plain import Plain


class Contract(StorageContract):
    def advance(self, storage: Any, seconds: float) -> None:
        storage.advance(seconds)


class AsyncContract(AsyncStorageContract):
    async def advance(self, storage: Any, seconds: float) -> None:
        (storage if isinstance(storage, Plain) else storage.plain).advance(seconds)


for storage in [Plain, AsyncPlain, *MUTANTS]:
    if storage.__name__ in os.environ.get("MUTANTS", storage.__name__).split():
        contract = AsyncContract if storage in (AsyncPlain, *ASYNC) else Contract
        globals()[f"Test{storage.__name__}"] = type(
            f"Test{storage.__name__}", (contract,), {"make_storage": staticmethod(storage)}
        )
