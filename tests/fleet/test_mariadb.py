"""SQLAlchemyStorage on MariaDB, and as on MySQL, which has no RETURNING."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import create_engine, func, select

from cross_auth import create_session, delete_session, get_session
from cross_auth.storage import open_storage
from cross_auth.storage.sqlalchemy import SQLAlchemyStorage
from cross_auth.testing import session_machine, storage_machine
from cross_auth.testing._laws import law
from tests.servers.mariadb_server import MariaDBServer
from tests.storage.on_servers import CALLS, Forks, Interruptions, Kills, LostAnswers, Outages, Processes
from tests.storage.test_contract import OnItsOwnClock
from tests.storage.test_sqlalchemy import OnSQLAlchemy
from tests.storages import MARIADB, MYSQL

pytestmark = MARIADB.skip


@pytest.fixture(scope="module")
def server() -> Iterator[MariaDBServer]:
    running = MariaDBServer()
    yield running
    running.stop()


class TestContractOnSQLAlchemyMariaDB(OnItsOwnClock):
    """An engine on MariaDB keeps the contract."""

    backend = MARIADB


class TestContractOnSQLAlchemyMySQL(OnItsOwnClock):
    """An engine that has no RETURNING keeps the contract."""

    backend = MYSQL


TestStorageMachineOnSQLAlchemyMariaDB = storage_machine(MARIADB.make, reopen=MARIADB.reopen, advance=MARIADB.advance)
TestSessionMachineOnSQLAlchemyMariaDB = session_machine(MARIADB.make, reopen=MARIADB.reopen, advance=MARIADB.advance)
TestStorageMachineOnSQLAlchemyMySQL = storage_machine(MYSQL.make, reopen=MYSQL.reopen, advance=MYSQL.advance)
TestSessionMachineOnSQLAlchemyMySQL = session_machine(MYSQL.make, reopen=MYSQL.reopen, advance=MYSQL.advance)


class OnMariaDB(OnSQLAlchemy):
    def end_idle_connections(self, server: MariaDBServer) -> None:
        with server.client() as client, client.cursor() as cursor:
            cursor.execute("SELECT id FROM information_schema.processlist WHERE id <> connection_id()")
            for (number,) in cursor.fetchall():
                cursor.execute(f"KILL CONNECTION {number}")


@law("sqlalchemy-outage-is-bounded", "outage-raises")
class TestOutages(OnMariaDB, Outages):
    pass


class TestOutagesOfACallersEngine(TestOutages):
    """An engine with no option but its driver's time-outs."""

    def open(self, url: str, *, timeout: float = 0.5, max_connections: int = 8) -> SQLAlchemyStorage:
        engine = create_engine(
            url.replace("mysql:", "mysql+pymysql:"),
            pool_size=max_connections,
            max_overflow=0,
            pool_timeout=timeout,
            connect_args={"read_timeout": timeout, "write_timeout": timeout},
        )
        storage = SQLAlchemyStorage(engine, timeout=timeout)
        storage._owned = True  # here the caller ends with the storage
        return storage


class TestKills(OnMariaDB, Kills):
    pass


@law("sqlalchemy-is-safe-for-processes", "storage-is-safe-for-threads", "sqlalchemy-creates-its-table")
class TestProcesses(OnMariaDB, Processes):
    pass


@law("sqlalchemy-survives-a-fork")
class TestForks(OnMariaDB, Forks):
    pass


@law("sqlalchemy-survives-interruption")
class TestInterruptions(OnMariaDB, Interruptions):
    pass


@law("sqlalchemy-pop-is-asked-once")
class TestLostAnswers(OnMariaDB, LostAnswers):
    pass


@law("open-storage-by-url")
@pytest.mark.parametrize("scheme", ["mysql", "mysql+pymysql", "mariadb", "mariadb+pymysql"])
def test_a_url_opens_a_storage_on_mariadb(server: MariaDBServer, scheme: str) -> None:
    """Each scheme is the driver that the extra brings."""
    with open_storage(server.url.replace("mysql:", f"{scheme}:")) as storage:
        assert isinstance(storage, SQLAlchemyStorage)
        session_id, session = create_session("user", storage)
        assert session == get_session(session_id, storage)


@law("storage-keys-are-exact")
def test_a_collation_that_ignores_case_does_not_confuse_keys(server: MariaDBServer) -> None:
    """The database compares names without their case, and spaces at the end not at all; keys are bytes."""
    with SQLAlchemyStorage.from_url(server.url, table="collated") as storage:
        storage.create_table()
        with storage._engine.connect() as connection:
            assert 1 == connection.scalar(select(func.strcmp("key", "KEY") == 0))
        keys = ["key", "KEY", "Key", "key ", "k%y", "k_y"]
        for key in keys:
            storage.set(key, f"value of {key}")
        assert [f"value of {key}" for key in keys] == [storage.get(key) for key in keys]
        storage.delete("KEY")
        assert ("value of key", None) == (storage.get("key"), storage.get("KEY"))


@law("storage-get-returns-what-was-set")
@pytest.mark.parametrize("charset", ["utf8mb4", "utf8", "latin1"])
def test_no_character_set_of_a_connection_changes_what_is_kept(server: MariaDBServer, charset: str) -> None:
    """Two users whose names differ in what a character set does not know stay two."""
    url = f"{server.url.replace('mysql:', 'mysql+pymysql:')}?charset={charset}"
    engine = create_engine(url, connect_args={"sql_mode": ""})
    storage = SQLAlchemyStorage(engine, table="characters")
    storage.create_table()
    users = ["user \U0001f36a", "user \U0001f369", "user é", "user \u2028"]
    found = [get_session(create_session(user, storage)[0], storage) for user in users]
    assert users == [session.user_id for session in found if session]
    engine.dispose()


@law("sqlalchemy-is-safe-for-processes")
@pytest.mark.parametrize("isolation_level", ["REPEATABLE READ", "SERIALIZABLE", "AUTOCOMMIT"])
def test_deadlocks_are_resolved_at_any_isolation_level(server: MariaDBServer, isolation_level: Any) -> None:
    """Sixteen threads insert, read and delete side by side while expired rows go; no call fails."""
    engine = create_engine(
        server.url.replace("mysql:", "mysql+pymysql:"), isolation_level=isolation_level, pool_size=16
    )
    storage = SQLAlchemyStorage(engine, table=f"busy_{isolation_level[:4]}", timeout=30)
    storage.create_table()
    with engine.begin() as connection:
        dead = [{"key": f"dead {number}", "value": "value", "expires_at": number} for number in range(10_000)]
        connection.execute(storage._records.statements.table.insert(), dead)

    def work(thread: int) -> None:
        for turn in range(40):
            session_id, session = create_session(f"user {thread} {turn}", storage)
            assert session == get_session(session_id, storage)
            delete_session(session_id, storage)
            assert get_session(session_id, storage) is None
            for call in CALLS.values():
                call(storage)

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(work, range(16)))
    engine.dispose()
