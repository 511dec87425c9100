"""The contract suite on each storage."""

from typing import ClassVar

import pytest
import valkey

from cross_auth import IndexedStorage, SecondaryStorage
from cross_auth.storage.redis import RedisStorage
from cross_auth.testing import FakeClock, StorageContract, _callers
from cross_auth.testing._index import has_index
from tests.budget import THOROUGH
from tests.servers import redis_server
from tests.storages import MEMORY, POSTGRES, REDIS, SQLALCHEMY_POSTGRES, SQLALCHEMY_SQLITE, SQLITE, Backend


class OnBackend(StorageContract):
    backend: ClassVar[Backend]

    def make_storage(self) -> SecondaryStorage:
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


class OnTheProcessClock(OnBackend):
    """The storage reads the time of this process, which the tests move."""

    clock: FakeClock

    @pytest.fixture(autouse=True)
    def _run_the_clock(self, clock: FakeClock) -> None:
        self.clock = clock

    def advance(self, storage: SecondaryStorage, seconds: float) -> None:
        self.clock.advance(seconds)


class OnItsOwnClock(OnBackend):
    """The storage has a clock of its own: what it stores is moved instead."""

    def advance(self, storage: SecondaryStorage, seconds: float) -> None:
        assert self.backend.advance is not None
        self.backend.advance(storage, seconds)


class TestContractOnMemory(OnTheProcessClock):
    """Memory keeps the contract."""

    backend = MEMORY


class TestContractOnSQLite(OnTheProcessClock):
    """SQLite keeps the contract."""

    backend = SQLITE


@REDIS.skip
class TestContractOnRedis(OnItsOwnClock):
    """Redis keeps the contract."""

    backend = REDIS


@REDIS.skip
class TestContractOnRedisThroughValkey(TestContractOnRedis):
    """A client of valkey-py serves as well, one that decodes too."""

    def make_storage(self) -> SecondaryStorage:
        options = redis_server.client_of(REDIS.make()).connection_pool.connection_kwargs
        place = {name: options[name] for name in ("host", "port", "db")}
        return RedisStorage(valkey.Valkey(**place, decode_responses=True))


@POSTGRES.skip
class TestContractOnPostgres(OnItsOwnClock):
    """PostgreSQL keeps the contract."""

    backend = POSTGRES


@SQLALCHEMY_POSTGRES.skip
class TestContractOnSQLAlchemyPostgres(OnItsOwnClock):
    """An engine on PostgreSQL keeps the contract."""

    backend = SQLALCHEMY_POSTGRES


class TestContractOnSQLAlchemySQLite(OnItsOwnClock):
    """An engine on a SQLite file keeps the contract."""

    backend = SQLALCHEMY_SQLITE
