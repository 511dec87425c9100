"""The contract suite on each storage."""

import pytest
import valkey

from cross_auth import SecondaryStorage
from cross_auth.storage.redis import RedisStorage
from cross_auth.testing import FakeClock, StorageContract
from tests.servers import redis_server
from tests.storages import MEMORY, REDIS, SQLITE


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


@REDIS.skip
class TestContractOnRedis(StorageContract):
    """Redis keeps the contract."""

    def make_storage(self) -> SecondaryStorage:
        return REDIS.make()

    def advance(self, storage: SecondaryStorage, seconds: float) -> None:
        redis_server.advance_storage(storage, seconds)


@REDIS.skip
class TestContractOnRedisThroughValkey(TestContractOnRedis):
    """A client of valkey-py serves as well, one that decodes too."""

    def make_storage(self) -> SecondaryStorage:
        options = redis_server.client_of(REDIS.make()).connection_pool.connection_kwargs
        place = {name: options[name] for name in ("host", "port", "db")}
        return RedisStorage(valkey.Valkey(**place, decode_responses=True))
