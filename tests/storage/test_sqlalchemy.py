"""What is true of SQLAlchemyStorage alone, on a real server that is killed, frozen and restarted."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, create_mock_engine, func, select
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import StaticPool

from cross_auth import SecondaryStorage, StorageError, create_session, get_session
from cross_auth.storage._sqlalchemy_expiry import WRITES_BETWEEN_EXPIRIES
from cross_auth.storage.postgres import PostgresStorage
from cross_auth.storage.sqlalchemy import SQLAlchemyStorage, make_metadata
from cross_auth.storage.sqlite import SQLiteStorage
from cross_auth.testing._laws import law
from tests.servers.postgres_server import PostgresServer
from tests.storage.on_servers import CALLS, TIMEOUT, Forks, Interruptions, LostAnswers, OnServer, Outages, Processes
from tests.storage.processes import together
from tests.storages import POSTGRES, SQLALCHEMY_POSTGRES, SQLALCHEMY_SQLITE, Backend

EACH = [pytest.param(each, id=each.name, marks=each.skip) for each in (SQLALCHEMY_POSTGRES, SQLALCHEMY_SQLITE)]


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    running = PostgresServer()
    yield running
    running.stop()


@pytest.fixture(params=EACH)
def storage(request: pytest.FixtureRequest) -> Iterator[SQLAlchemyStorage]:
    backend: Backend = request.param
    made: Any = backend.make()
    yield made
    made.close()


class OnSQLAlchemy(OnServer):
    prefix = "sqlalchemy:"

    def open(self, url: str, *, timeout: float = TIMEOUT, max_connections: int = 8) -> SQLAlchemyStorage:
        return SQLAlchemyStorage.from_url(url, timeout=timeout, max_connections=max_connections)

    def holding_the_only_connection(self, storage: SQLAlchemyStorage) -> Any:
        return storage._engine.connect()

    def drop_table(self, storage: SQLAlchemyStorage) -> None:
        storage._records.metadata.drop_all(storage._engine)


class OnPostgres(OnSQLAlchemy):
    def end_idle_connections(self, server: PostgresServer) -> None:
        with server.client() as client:
            client.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )


@POSTGRES.skip
@law("sqlalchemy-outage-is-bounded", "outage-raises")
class TestOutages(OnPostgres, Outages):
    pass


@POSTGRES.skip
class TestOutagesOfACallersEngine(TestOutages):
    """An engine with none of the library's options: its time-outs are the storage's where psycopg has none."""

    def open(self, url: str, *, timeout: float = TIMEOUT, max_connections: int = 8) -> SQLAlchemyStorage:
        engine = create_engine(
            url.replace("postgresql:", "postgresql+psycopg:"),
            pool_size=max_connections,
            max_overflow=0,
            pool_timeout=timeout,
        )
        storage = SQLAlchemyStorage(engine, timeout=timeout)
        storage._owned = True  # here the caller ends with the storage
        return storage


@POSTGRES.skip
@law("sqlalchemy-is-safe-for-processes", "storage-is-safe-for-threads", "sqlalchemy-creates-its-table")
class TestProcesses(OnPostgres, Processes):
    pass


@POSTGRES.skip
@law("sqlalchemy-survives-a-fork")
class TestForks(OnPostgres, Forks):
    pass


@POSTGRES.skip
@law("sqlalchemy-survives-interruption")
class TestInterruptions(OnPostgres, Interruptions):
    pass


@POSTGRES.skip
@law("sqlalchemy-pop-is-asked-once")
class TestLostAnswers(OnPostgres, LostAnswers):
    pass


@law("sqlalchemy-creates-its-table")
def test_processes_create_the_table_of_a_file_together(tmp_path: Path) -> None:
    """Eight processes that start together on a new file all find their table there."""
    where = f"sqlalchemy:sqlite:///{tmp_path / 'sessions.db'}"
    assert [["found", "value"]] * 8 == together("create", where)


@law("sqlalchemy-creates-its-table")
@pytest.mark.parametrize("number", [0, 1], ids=["values", "members"])
def test_an_index_that_is_missing_is_made(storage: SQLAlchemyStorage, number: int) -> None:
    """A process that was killed between the two statements left the table alone."""
    (index,) = storage._records.tables[number].indexes
    index.drop(storage._engine)
    storage.create_table()
    storage.create_table()
    with storage._engine.connect() as connection:
        assert not differences(connection, storage)


@law("sqlalchemy-creates-its-table")
def test_what_is_created_is_what_alembic_wants(storage: SQLAlchemyStorage) -> None:
    """Alembic compares the database with the metadata and finds nothing to do."""
    with storage._engine.connect() as connection:
        assert not differences(connection, storage)


def differences(connection: Any, storage: SQLAlchemyStorage) -> list[Any]:
    names = [table.name for table in storage._records.tables]
    only_ours = {"include_name": lambda found, kind, _: kind != "table" or found in names}
    context = MigrationContext.configure(connection, opts=only_ours)
    return list(compare_metadata(context, make_metadata(table=names[0])))


@POSTGRES.skip
@law("sqlalchemy-creates-its-table")
def test_a_schema_of_its_own_is_used(server: PostgresServer) -> None:
    """The tables are made in the schema, with their indexes."""
    with server.client() as client:
        client.execute('CREATE SCHEMA "Site"')
    with SQLAlchemyStorage.from_url(server.url, table="Select", schema="Site") as storage:
        storage.create_table()
        storage.set("key", "value")
        assert "value" == storage.get("key")
        for ttl in (60, 600):
            storage.add("index", "member", ttl)
        assert (0, ["member"]) == (storage.purge(), storage.members("index"))
    with PostgresStorage.from_url(server.url, table="Select", schema="Site") as same:
        same.create_table()
        assert ("value", ["member"]) == (same.pop("key"), same.members("index"))


@law("sqlalchemy-shares-its-table")
def test_sqlite_storage_reads_the_same_file(tmp_path: Path) -> None:
    """A file that one of them made serves the other, whoever comes first."""
    path = tmp_path / "sessions.db"
    with SQLiteStorage(path) as plain, SQLAlchemyStorage.from_url(f"sqlite:///{path}") as other:
        other.create_table()
        read_each_other(plain, other)
    path = tmp_path / "other.db"
    with SQLAlchemyStorage.from_url(f"sqlite:///{path}") as other:
        other.create_table()
        with SQLiteStorage(path) as plain:
            read_each_other(plain, other)


@POSTGRES.skip
@law("sqlalchemy-shares-its-table")
def test_postgres_storage_reads_the_same_table(server: PostgresServer) -> None:
    """A table that one of them made serves the other, whoever comes first."""
    for table, first in (("made_by_one", 0), ("made_by_other", 1)):
        kinds: list[Any] = [PostgresStorage, SQLAlchemyStorage]
        one, other = (kind.from_url(server.url, table=table) for kind in (kinds[first], kinds[1 - first]))
        with one, other:
            one.create_table()
            other.create_table()
            read_each_other(one, other)


def read_each_other(one: SecondaryStorage, other: SecondaryStorage) -> None:
    for writer, reader in ((one, other), (other, one)):
        session_id, session = create_session("user \0 \U0001f36a", writer, 60)
        assert session == get_session(session_id, reader)
        writer.set("key", "value")
        assert ("value", None) == (reader.pop("key"), writer.get("key"))


@POSTGRES.skip
@law("sqlalchemy-leaves-connections-as-they-were")
@pytest.mark.parametrize("isolation_level", ["READ COMMITTED", "SERIALIZABLE", "AUTOCOMMIT"])
def test_a_call_leaves_a_connection_as_it_was(server: PostgresServer, isolation_level: Any) -> None:
    """The engine's own work runs at the engine's isolation level, in a transaction that nobody began for it."""
    engine = create_engine(server.url.replace("postgresql:", "postgresql+psycopg:"), isolation_level=isolation_level)
    storage = SQLAlchemyStorage(engine)
    found = []
    for _ in range(2):
        with engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            mode = (driver.autocommit, driver.info.transaction_status, "wait" in vars(driver))
            found.append((driver, mode, connection.get_isolation_level()))
        storage.create_table()
        for call in CALLS.values():
            call(storage)
    assert found[0] == found[1]
    engine.dispose()


@law("sqlalchemy-drains")
def test_expired_rows_go_as_others_are_written(storage: SQLAlchemyStorage) -> None:
    """Half as many writes as there are dead rows removes them all, 48 at most in one of them."""
    table = storage._records.statements.table
    with storage._engine.begin() as connection:
        dead = [{"key": f"dead {number}", "value": "value", "expires_at": number} for number in range(1000)]
        connection.execute(table.insert(), dead)
    left = [1000]
    for number in range(500):
        storage.set(f"live {number}", "value", ttl=60)
        with storage._engine.connect() as connection:
            left.append(connection.scalar(select(func.count()).select_from(table)) or 0)
    assert 500 == left[-1]
    assert max(before - after for before, after in pairwise(left)) < 48


@law("sqlalchemy-drains")
def test_a_row_that_was_passed_over_goes_too(storage: SQLAlchemyStorage) -> None:
    """Expiry goes on where it ended; once a backlog is gone it begins at the oldest again."""
    table = storage._records.statements.table
    with storage._engine.begin() as connection:
        dead = [{"key": f"dead {number}", "value": "value", "expires_at": number} for number in range(1, 500)]
        connection.execute(table.insert(), dead)
    for number in range(300):
        storage.set(f"live {number}", "value", ttl=60)
        if number == 50:
            with storage._engine.begin() as connection:
                connection.execute(table.insert(), {"key": "older", "value": "value", "expires_at": 0})
    with storage._engine.connect() as connection:
        assert 300 == connection.scalar(select(func.count()).select_from(table))


def test_statements_are_compiled_once(storage: SQLAlchemyStorage) -> None:
    """Each is found again in the engine's cache: to compile one anew costs as much as the call."""
    found = []
    for _ in range(2):
        for turn in range(WRITES_BETWEEN_EXPIRIES):
            for call in CALLS.values():
                call(storage)
            storage.purge(turn + 1)
        found.append(len(storage._engine._compiled_cache or ()))
    assert found[0] == found[1] > len(CALLS)


REFUSED: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "async": (lambda: create_async_engine("sqlite+aiosqlite://"), TypeError, "not AsyncEngine"),
    "async driver": (lambda: create_async_engine("sqlite+aiosqlite://").sync_engine, TypeError, "not aiosqlite"),
    "text": (lambda: "sqlite:///sessions.db", TypeError, "not str"),
    "memory": (lambda: create_engine("sqlite://"), ValueError, "MemoryStorage"),
    "memory by name": (lambda: create_engine("sqlite:///:memory:"), ValueError, "MemoryStorage"),
    "memory by URI": (
        lambda: create_engine("sqlite:///file:a?mode=memory&uri=true", poolclass=StaticPool),
        ValueError,
        "MemoryStorage",
    ),
    "other": (lambda: create_mock_engine("oracle://", print), TypeError, "not MockConnection"),
}


@pytest.mark.parametrize(("make", "error", "message"), REFUSED.values(), ids=REFUSED)
def test_an_engine_that_cannot_hold_sessions_is_refused(
    make: Callable[[], Any], error: type[Exception], message: str
) -> None:
    """An async engine, no engine, one in memory and one of a database that is not known are refused."""
    with pytest.raises(error, match=message):
        SQLAlchemyStorage(make())


@law("sqlalchemy-hides-secrets")
@pytest.mark.parametrize(
    "url",
    [
        "mysql://a:b@secret@h/d",
        "mysql://a:secret@h",
        "sqlite://",
        "secret",
        "http://a:secret@h",
        "mysql+aiomysql://a:secret@h/d",
        "mysql://a:b@h:secret/d",
    ],
)
def test_a_bad_url_is_refused_without_being_shown(url: str) -> None:
    """The message says what is wanted and holds no part of the URL, nor does what led to it."""
    with pytest.raises(ValueError, match="url should be") as caught:
        SQLAlchemyStorage.from_url(url)
    assert "sec" not in str(caught.value)
    assert (None, None) == (caught.value.__cause__, caught.value.__context__)


@law("sqlalchemy-hides-secrets", "id-is-never-shown")
def test_no_error_shows_a_key_or_a_value(storage: SQLAlchemyStorage) -> None:
    """A table that is missing and a value that cannot be stored are told without SQL parameters."""
    storage._records.metadata.drop_all(storage._engine)
    calls: list[Callable[[], object]] = [
        lambda: storage.get("secret-key"),
        lambda: storage.pop("secret-key"),
        lambda: storage.set("secret-key", "secret-value", ttl=5),
    ]
    for call in calls:
        with pytest.raises(StorageError) as caught:
            call()
        chain = [caught.value, caught.value.__cause__, caught.value.__context__]
        assert "secret" not in " ".join(f"{each} {each!r}" for each in chain)
        assert storage._records.statements.table.name in str(caught.value)


@law("sqlalchemy-hides-secrets")
@POSTGRES.skip
def test_no_error_shows_a_password(server: PostgresServer) -> None:
    """A server that does not know the user is told without what was sent."""
    url = server.url.replace("postgres@", "nobody:secret-word@")
    with SQLAlchemyStorage.from_url(url) as storage, pytest.raises(StorageError, match="nobody") as caught:
        storage.create_table()
    assert "secret" not in f"{caught.value} {caught.value.__cause__!r}"


def test_a_storage_that_was_closed_is_not_used_again(storage: SQLAlchemyStorage) -> None:
    """One that made its engine says so; a caller's engine is the caller's."""
    owned = storage._owned
    storage.close()
    if owned:
        with pytest.raises(StorageError, match="closed"):
            storage.get("key")
    else:
        assert storage.get("key") is None


def test_a_ttl_of_zero_is_refused(storage: SQLAlchemyStorage) -> None:
    """A storage keeps nothing that is over before it begins."""
    with pytest.raises(ValueError, match="1 or more"):
        storage.set("key", "value", ttl=0)


@POSTGRES.skip
def test_who_makes_an_engine_disposes_of_it(server: PostgresServer) -> None:
    """The connections of a caller's engine stay open, those of from_url are closed."""
    engine = create_engine(server.url.replace("postgresql:", "postgresql+psycopg:"))
    with SQLAlchemyStorage(engine) as storage:
        storage.create_table()
    pool: Any = engine.pool
    assert 1 == pool.checkedin()
    engine.dispose()
    with SQLAlchemyStorage.from_url(server.url) as storage:
        storage.get("key")
    owned: Any = storage._engine.pool
    assert 0 == owned.checkedin()
