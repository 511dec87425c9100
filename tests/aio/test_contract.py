"""The contract suite on each async storage."""

from collections.abc import Awaitable
from typing import Any, ClassVar

import pytest

from cross_auth import AsyncSecondaryStorage, IndexedStorage, SecondaryStorage
from cross_auth.testing import AsyncStorageContract, FakeClock, _callers
from cross_auth.testing._index import has_index
from tests.async_storages import (
    ASYNC_MEMORY,
    ASYNC_POSTGRES,
    ASYNC_REDIS,
    ASYNC_SQLALCHEMY_ASYNCPG,
    ASYNC_SQLALCHEMY_PSYCOPG,
    SQLITE_IN_THREAD,
    AsyncBackend,
)
from tests.budget import THOROUGH


class OnBackend(AsyncStorageContract):
    backend: ClassVar[AsyncBackend]

    def make_storage(self) -> Awaitable[AsyncSecondaryStorage]:
        return self.backend.make()

    @pytest.fixture
    def index(self, storage: SecondaryStorage) -> IndexedStorage:
        """Let no storage of ours be without sets, which the suite would skip the tests of."""
        assert has_index(storage)
        return storage

    @pytest.fixture(autouse=True)
    def _spend_less(self, monkeypatch: pytest.MonkeyPatch) -> None:
        if not THOROUGH:
            monkeypatch.setattr(_callers, "BUDGET", _callers.BUDGET / 2)

    def advance(self, storage: Any, seconds: float) -> object:
        assert self.backend.advance is not None
        return self.backend.advance(storage, seconds)


class OnTheProcessClock(OnBackend):
    """The storage reads the time of this process, which the tests move."""

    clock: FakeClock

    @pytest.fixture(autouse=True)
    def _run_the_clock(self, clock: FakeClock) -> None:
        self.clock = clock

    def advance(self, storage: Any, seconds: float) -> object:
        self.clock.advance(seconds)
        return None


class TestContractOnAsyncMemory(OnTheProcessClock):
    """Memory keeps the contract, awaited."""

    backend = ASYNC_MEMORY


class TestContractInThread(OnTheProcessClock):
    """SQLite keeps the contract in threads."""

    backend = SQLITE_IN_THREAD


@ASYNC_REDIS.on
class TestContractOnAsyncRedis(OnBackend):
    """Redis keeps the contract, awaited."""

    backend = ASYNC_REDIS


@ASYNC_POSTGRES.on
class TestContractOnAsyncPostgres(OnBackend):
    """PostgreSQL keeps the contract, awaited."""

    backend = ASYNC_POSTGRES


@ASYNC_SQLALCHEMY_ASYNCPG.on
class TestContractOnAsyncSQLAlchemyAsyncpg(OnBackend):
    """An engine of a caller's over asyncpg keeps the contract."""

    backend = ASYNC_SQLALCHEMY_ASYNCPG


@ASYNC_SQLALCHEMY_PSYCOPG.on
class TestContractOnAsyncSQLAlchemyPsycopg(OnBackend):
    """An engine over psycopg keeps the contract."""

    backend = ASYNC_SQLALCHEMY_PSYCOPG
