"""A contract suite for each mutant, for pytest to run: each should fail, and those of the right storages pass."""

import os
from typing import Any

from cross_auth.testing import AsyncStorageContract, StorageContract
from cross_auth.testing._index_tests import IndexTests
from cross_auth.testing._index_ttl_tests import IndexTtlTests
from cross_auth.testing._ttl_tests import TtlTests
from cross_auth.testing._value_tests import ValueTests
from tests.meta.mutants import ASYNC, MUTANTS
from tests.meta.mutants_async import AsyncPlain
from tests.meta.mutants_of_index_async import AsyncIndexedPlain
from tests.meta.mutants_plain import IndexedPlain, Plain

RIGHT = [Plain, IndexedPlain, AsyncPlain, AsyncIndexedPlain]


class Contract(StorageContract):
    def advance(self, storage: Any, seconds: float) -> None:
        storage.advance(seconds)


class AsyncContract(AsyncStorageContract):
    async def advance(self, storage: Any, seconds: float) -> None:
        (storage if isinstance(storage, Plain) else storage.plain).advance(seconds)


def left_out(storage: Any) -> dict[str, None]:
    """Return the tests that a mutant is right about, for it to be without them: they take their time."""
    is_about_sets = storage.__module__.startswith("tests.meta.mutants_of_index")
    classes = (ValueTests, TtlTests) if is_about_sets else (IndexTests, IndexTtlTests)
    return {name: None for each in classes for name in vars(each) if name.startswith("test_") and storage not in RIGHT}


for storage in [*RIGHT, *MUTANTS]:
    if storage.__name__ in os.environ.get("MUTANTS", storage.__name__).split():
        contract = AsyncContract if storage in (AsyncPlain, AsyncIndexedPlain, *ASYNC) else Contract
        globals()[f"Test{storage.__name__}"] = type(
            f"Test{storage.__name__}", (contract,), {"make_storage": staticmethod(storage), **left_out(storage)}
        )
