"""The contract suite on each storage."""

import pytest

from cross_auth import SecondaryStorage
from cross_auth.testing import FakeClock, StorageContract
from tests.storages import MEMORY, SQLITE


class OnTheProcessClock(StorageContract):
    """Both storages read the time of this process, which the tests move."""

    clock: FakeClock

    @pytest.fixture(autouse=True)
    def _run_the_clock(self, clock: FakeClock) -> None:
        self.clock = clock

    def advance(self, storage: SecondaryStorage, seconds: float) -> None:
        self.clock.advance(seconds)


class TestContractOnMemory(OnTheProcessClock):
    """Memory keeps the contract."""

    def make_storage(self) -> SecondaryStorage:
        return MEMORY.make()


class TestContractOnSQLite(OnTheProcessClock):
    """SQLite keeps the contract."""

    def make_storage(self) -> SecondaryStorage:
        return SQLITE.make()
