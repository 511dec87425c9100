"""The storage machine, by name, on each storage."""

from cross_auth.testing import storage_machine
from tests.storages import MEMORY, REDIS, SQLITE

TestStorageMachineOnMemory = storage_machine(MEMORY.make)
TestStorageMachineOnSQLite = storage_machine(SQLITE.make, reopen=SQLITE.reopen)
TestStorageMachineOnRedis = REDIS.on(storage_machine(REDIS.make, reopen=REDIS.reopen, advance=REDIS.advance))
