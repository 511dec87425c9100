"""The async forms of the kit, on a storage that suspends."""

import threading
import time
from typing import Any

import pytest

from cross_auth import AsyncSecondaryStorage
from cross_auth.testing import (
    AsyncStorageContract,
    FakeClock,
    _callers,
    async_session_machine,
    async_storage_machine,
    check_async_concurrency,
)
from cross_auth.testing._laws import law
from tests.budget import shorter
from tests.meta.mutants_async import AsyncPlain
from tests.meta.mutants_of_index_async import AsyncIndexedPlain

CALLS: list[tuple[str, str]] = []


@pytest.fixture(autouse=True)
def _spend_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for races for a short time: here they are looked for, tests/meta has them found."""
    monkeypatch.setattr(_callers, "BUDGET", 0.1)


class Noted(AsyncIndexedPlain):
    """A storage with a clock of its own, which notes where it was made and closed."""

    def __init__(self) -> None:
        super().__init__()
        self.plain.now = time.monotonic
        CALLS.append(("made", threading.current_thread().name))

    async def close(self) -> None:
        CALLS.append(("closed", threading.current_thread().name))


async def make() -> Noted:
    return Noted()


async def advance(storage: AsyncSecondaryStorage, seconds: float) -> None:
    assert isinstance(storage, AsyncIndexedPlain)
    storage.plain.advance(seconds)


async def reopen(storage: AsyncSecondaryStorage) -> Noted:
    assert isinstance(storage, Noted)
    another = Noted()
    another.plain = storage.plain
    return another


class TestContractOnAnAsyncStorage(AsyncStorageContract):
    """Coroutine functions make the storage and move its time."""

    async def make_storage(self) -> Noted:
        return await make()

    async def advance(self, storage: AsyncSecondaryStorage, seconds: float) -> None:
        await advance(storage, seconds)


class TestContractOnTheProcessClock(AsyncStorageContract):
    """Plain methods do, too."""

    clock: FakeClock

    @pytest.fixture(autouse=True)
    def _run_the_clock(self, clock: FakeClock) -> None:
        self.clock = clock

    def make_storage(self) -> AsyncIndexedPlain:
        return AsyncIndexedPlain()

    def advance(self, storage: AsyncSecondaryStorage, seconds: float) -> None:
        self.clock.advance(seconds)


TestAsyncStorageMachine = async_storage_machine(make, advance=advance, reopen=reopen)
TestAsyncStorageMachineOnTheProcessClock = shorter(async_storage_machine(AsyncPlain))
TestAsyncSessionMachine = shorter(async_session_machine(make, advance=advance, reopen=reopen))


@law("storage-survives-cancellation", "storage-is-awaited")
def test_a_storage_is_made_and_closed_on_the_loop() -> None:
    """What checks an async storage makes and closes it in the thread of the loop, once."""
    CALLS.clear()
    check_async_concurrency(make)
    assert [("made", "cross_auth.testing"), ("closed", "cross_auth.testing")] == CALLS


def test_the_contract_waits_where_time_cannot_be_moved() -> None:
    """Without an advance of its own the suite sleeps on the loop."""

    class Contract(AsyncStorageContract):
        def make_storage(self) -> Any:
            return AsyncPlain()

    contract = Contract()
    storage = contract._make()
    storage.set("key", "value", ttl=1)
    contract._pass_time(storage, 1.1)
    assert storage.get("key") is None
