"""The session machine, by name, on each storage."""

from cross_auth.testing import session_machine
from tests.storages import MEMORY, REDIS, SQLITE

TestSessionMachineOnMemory = session_machine(MEMORY.make)
TestSessionMachineOnSQLite = session_machine(SQLITE.make, reopen=SQLITE.reopen)
TestSessionMachineOnRedis = REDIS.on(session_machine(REDIS.make, reopen=REDIS.reopen, advance=REDIS.advance))
