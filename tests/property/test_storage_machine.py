"""The storage machine, by name, on each storage."""

from cross_auth.testing import storage_machine
from tests.budget import shorter
from tests.storages import MEMORY, POSTGRES, REDIS, SQLALCHEMY_POSTGRES, SQLALCHEMY_SQLITE, SQLITE

TestStorageMachineOnMemory = storage_machine(MEMORY.make)
TestStorageMachineOnSQLite = storage_machine(SQLITE.make, reopen=SQLITE.reopen)
TestStorageMachineOnRedis = REDIS.on(storage_machine(REDIS.make, reopen=REDIS.reopen, advance=REDIS.advance))
TestStorageMachineOnPostgres = POSTGRES.on(
    storage_machine(POSTGRES.make, reopen=POSTGRES.reopen, advance=POSTGRES.advance)
)
TestStorageMachineOnSQLAlchemyPostgres = SQLALCHEMY_POSTGRES.on(
    shorter(
        storage_machine(
            SQLALCHEMY_POSTGRES.make, reopen=SQLALCHEMY_POSTGRES.reopen, advance=SQLALCHEMY_POSTGRES.advance
        )
    )
)
TestStorageMachineOnSQLAlchemySQLite = SQLALCHEMY_SQLITE.on(
    shorter(storage_machine(SQLALCHEMY_SQLITE.make, reopen=SQLALCHEMY_SQLITE.reopen, advance=SQLALCHEMY_SQLITE.advance))
)
