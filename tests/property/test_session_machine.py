"""The session machine, by name, on each storage."""

from cross_auth.testing import session_machine
from tests.budget import shorter
from tests.storages import MEMORY, POSTGRES, REDIS, SQLALCHEMY_POSTGRES, SQLALCHEMY_SQLITE, SQLITE

TestSessionMachineOnMemory = session_machine(MEMORY.make)
TestSessionMachineOnSQLite = session_machine(SQLITE.make, reopen=SQLITE.reopen)
TestSessionMachineOnRedis = REDIS.on(session_machine(REDIS.make, reopen=REDIS.reopen, advance=REDIS.advance))
TestSessionMachineOnPostgres = POSTGRES.on(
    session_machine(POSTGRES.make, reopen=POSTGRES.reopen, advance=POSTGRES.advance)
)
TestSessionMachineOnSQLAlchemyPostgres = SQLALCHEMY_POSTGRES.on(
    shorter(
        session_machine(
            SQLALCHEMY_POSTGRES.make, reopen=SQLALCHEMY_POSTGRES.reopen, advance=SQLALCHEMY_POSTGRES.advance
        )
    )
)
TestSessionMachineOnSQLAlchemySQLite = SQLALCHEMY_SQLITE.on(
    shorter(session_machine(SQLALCHEMY_SQLITE.make, reopen=SQLALCHEMY_SQLITE.reopen, advance=SQLALCHEMY_SQLITE.advance))
)
