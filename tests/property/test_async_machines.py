"""Both machines, by name, on each async storage."""

from unittest import TestCase

from cross_auth.testing import async_session_machine, async_storage_machine
from tests.async_storages import (
    ASYNC_MEMORY,
    ASYNC_POSTGRES,
    ASYNC_REDIS,
    ASYNC_SQLALCHEMY_ASYNCPG,
    ASYNC_SQLALCHEMY_PSYCOPG,
    SQLITE_IN_THREAD,
    AsyncBackend,
)
from tests.budget import shorter


def storage(backend: AsyncBackend) -> type[TestCase]:
    return backend.on(shorter(async_storage_machine(backend.make, advance=backend.advance)))


def sessions(backend: AsyncBackend) -> type[TestCase]:
    return backend.on(shorter(async_session_machine(backend.make, advance=backend.advance)))


TestStorageMachineOnAsyncMemory = storage(ASYNC_MEMORY)
TestStorageMachineInThread = storage(SQLITE_IN_THREAD)
TestStorageMachineOnAsyncRedis = storage(ASYNC_REDIS)
TestStorageMachineOnAsyncPostgres = storage(ASYNC_POSTGRES)
TestStorageMachineOnAsyncSQLAlchemyAsyncpg = storage(ASYNC_SQLALCHEMY_ASYNCPG)
TestStorageMachineOnAsyncSQLAlchemyPsycopg = storage(ASYNC_SQLALCHEMY_PSYCOPG)

TestSessionMachineOnAsyncMemory = sessions(ASYNC_MEMORY)
TestSessionMachineInThread = sessions(SQLITE_IN_THREAD)
TestSessionMachineOnAsyncRedis = sessions(ASYNC_REDIS)
TestSessionMachineOnAsyncPostgres = sessions(ASYNC_POSTGRES)
TestSessionMachineOnAsyncSQLAlchemyAsyncpg = sessions(ASYNC_SQLALCHEMY_ASYNCPG)
TestSessionMachineOnAsyncSQLAlchemyPsycopg = sessions(ASYNC_SQLALCHEMY_PSYCOPG)
