"""What is true of PostgresStorage alone, on a real server that is killed, frozen and restarted."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from typing import Any

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool, ConnectionPool, NullConnectionPool
from pydantic import ValidationError

from cross_auth import StorageError, create_session, get_session
from cross_auth.storage.postgres import PostgresStorage
from cross_auth.testing._laws import law
from tests.databases import make_postgres
from tests.servers.postgres_server import PostgresServer, shared_url
from tests.storage.on_servers import (
    CALLS,
    TIMEOUT,
    Forks,
    Interruptions,
    Kills,
    LostAnswers,
    OnServer,
    Outages,
    Processes,
)
from tests.storage.processes import finish, start
from tests.storage.test_contract import OnItsOwnClock
from tests.storages import POSTGRES

pytestmark = POSTGRES.skip


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    running = PostgresServer()
    yield running
    running.stop()


@pytest.fixture
def storage(server: PostgresServer) -> Iterator[PostgresStorage]:
    with PostgresStorage.from_url(server.url) as opened:
        opened.create_table()
        yield opened


@contextmanager
def a_pool(server: PostgresServer, **kwargs: Any) -> Iterator[ConnectionPool[Any]]:
    pool: ConnectionPool[Any]
    with ConnectionPool(server.url, min_size=1, max_size=2, kwargs=kwargs, open=False) as pool:
        yield pool


class OnPostgres(OnServer):
    prefix = ""

    def open(self, url: str, *, timeout: float = TIMEOUT, max_connections: int = 8) -> PostgresStorage:
        return PostgresStorage.from_url(url, timeout=timeout, max_connections=max_connections)

    def end_idle_connections(self, server: PostgresServer) -> None:
        with server.client() as client:
            client.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )

    def holding_the_only_connection(self, storage: PostgresStorage) -> Any:
        storage.get("key")  # opens the pool
        return storage._pool.get().connection()

    def drop_table(self, storage: PostgresStorage) -> None:
        for table in storage._statements.tables:
            storage._ask(f"DROP TABLE {table.name}".encode())


@law("postgres-outage-is-bounded", "outage-raises")
class TestOutages(OnPostgres, Outages):
    pass


@law("postgres-survives-a-kill")
class TestKills(OnPostgres, Kills):
    pass


@law("postgres-is-safe-for-processes", "storage-is-safe-for-threads", "postgres-creates-its-table")
class TestProcesses(OnPostgres, Processes):
    pass


@law("postgres-survives-a-fork")
class TestForks(OnPostgres, Forks):
    pass


@law("postgres-survives-interruption")
class TestInterruptions(OnPostgres, Interruptions):
    pass


@law("postgres-pop-is-asked-once")
class TestLostAnswers(OnPostgres, LostAnswers):
    pass


@cache
def serializable_pool() -> ConnectionPool[Any]:
    isolation = {"autocommit": True, "options": "-c default_transaction_isolation=serializable"}
    return ConnectionPool(shared_url(), min_size=1, max_size=20, kwargs=isolation, open=True)


@law("postgres-is-safe-for-processes")
class TestContractWhereTransactionsAreSerializable(OnItsOwnClock):
    """A database whose isolation is the strictest keeps the contract: what it refuses for now is asked again."""

    backend = POSTGRES

    def make_storage(self) -> PostgresStorage:
        return PostgresStorage(serializable_pool(), table=make_postgres()._statements.table.strip('"'))


@law("postgres-leaves-connections-as-they-were")
@pytest.mark.parametrize("autocommit", [True, False])
def test_a_call_leaves_nothing_in_a_connection(
    server: PostgresServer, storage: PostgresStorage, autocommit: bool
) -> None:
    """No prepared statement, setting, lock or open transaction; the mode of the connection is what it was."""
    state = """
        SELECT (SELECT count(*) FROM pg_prepared_statements),
               (SELECT count(*) FROM pg_settings WHERE source = 'session'),
               (SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory')
    """
    options: dict[str, Any] = {"autocommit": autocommit, "prepare_threshold": None}
    with a_pool(server, **options) as pool:
        with pool.connection() as connection:
            before = connection.execute(state).fetchone()
        borrowed = PostgresStorage(pool)
        for _ in range(20):
            for call in CALLS.values():
                call(borrowed)
        with pool.connection() as connection:
            assert psycopg.pq.TransactionStatus.IDLE == connection.info.transaction_status
            assert (autocommit, "wait" in vars(connection)) == (connection.autocommit, False)
            assert before == connection.execute(state).fetchone()
        assert not {"connections_lost", "returns_bad"} & pool.get_stats().keys()


def test_a_pool_of_any_configuration_serves(server: PostgresServer, storage: PostgresStorage) -> None:
    """Rows as dictionaries, statements that the client fills in, a pool that keeps nothing: text comes back."""
    options: list[dict[str, Any]] = [
        {"row_factory": psycopg.rows.dict_row},
        {"cursor_factory": psycopg.ClientCursor},
        {"prepare_threshold": 0},
        {"options": "-c client_encoding=SQL_ASCII"},
    ]
    for kwargs in options:
        with a_pool(server, **kwargs) as pool:
            borrowed = PostgresStorage(pool, table=f"of_{len(kwargs)}_{next(iter(kwargs))}")
            borrowed.create_table()
            borrowed.set("key", "é\U0001f36a")
            assert ["é\U0001f36a"] * 2 + [None] == [borrowed.get("key"), borrowed.pop("key"), borrowed.get("key")]
            borrowed.add("index", "member", 60)
            assert (["member"], []) == (borrowed.members("index"), borrowed.members("other"))
    with NullConnectionPool(server.url) as pool:
        assert PostgresStorage(pool).get("key") is None


def test_who_opens_a_pool_closes_it(server: PostgresServer) -> None:
    """A pool that is passed in stays open, the one of from_url is closed for good."""
    with a_pool(server) as pool:
        PostgresStorage(pool).close()
        assert not pool.closed
    storage = PostgresStorage.from_url(server.url)
    storage.create_table()
    storage.close()
    with pytest.raises(StorageError, match="closed"):
        storage.get("key")


@law("postgres-survives-a-fork")
def test_an_open_pool_of_the_caller_is_refused_in_a_child(server: PostgresServer, storage: PostgresStorage) -> None:
    """The child is told, and the parent works on: their sockets would be the same."""
    assert [["child", "StorageError"], ["parent", "value"]] == finish(start("fork_borrowed", server.url))


@pytest.mark.parametrize(
    ("pool", "found"),
    [("postgresql://localhost", "str"), (None, "NoneType"), (AsyncConnectionPool(open=False), "AsyncConnectionPool")],
)
def test_what_is_no_sync_pool_is_refused(pool: Any, found: str) -> None:
    """The message names what was passed."""
    with pytest.raises(TypeError, match=f"not {found}"):
        PostgresStorage(pool)


@law("postgres-hides-secrets")
@pytest.mark.parametrize(
    "url",
    ["http://a:secret@h", "postgresql://a:sec/ret@h:x/d?nope", "host=h password='secret", "postgresql://h?secret=1"],
)
def test_a_bad_url_is_refused_without_being_shown(url: str) -> None:
    """The message says what is wanted and holds no part of the URL, nor does what led to it."""
    with pytest.raises(ValueError, match="should be postgresql://") as caught:
        PostgresStorage.from_url(url)
    assert "sec" not in str(caught.value)
    assert (None, None) == (caught.value.__cause__, caught.value.__context__)


@law("postgres-hides-secrets", "id-is-never-shown")
def test_no_error_shows_a_password_a_key_or_a_value(server: PostgresServer, storage: PostgresStorage) -> None:
    """A server that does not know the user, a value that a constraint refuses and one that is no text are told."""
    storage._ask(f"ALTER TABLE {storage._statements.table} ADD CHECK (value <> 'secret-value') NOT VALID".encode())
    calls: list[Callable[[], object]] = [
        PostgresStorage.from_url(server.url.replace("postgres@", "nobody:secret-word@")).create_table,
        lambda: storage.set("secret-key", "secret-value"),
        lambda: storage.set("secret-key", "secret-value\0"),
    ]
    try:
        for call in calls:
            with pytest.raises(StorageError, match="PostgreSQL") as caught:
                call()
            chain = [caught.value, caught.value.__cause__, caught.value.__context__]
            assert "secret" not in " ".join(f"{each} {each!r}" for each in chain)
    finally:
        storage._ask(f"DROP TABLE {storage._statements.table}".encode())


@law("postgres-drains")
def test_expired_rows_go_as_others_are_written(storage: PostgresStorage) -> None:
    """Half as many writes as there are dead rows removes them all, 192 at most in one of them."""
    table = storage._statements.table
    storage._ask(f"TRUNCATE {table}".encode())
    storage._ask(f"INSERT INTO {table} SELECT 'dead ' || n, 'value', n FROM generate_series(1, 1000) AS n".encode())
    left = [1000]
    for number in range(500):
        storage.set(f"live {number}", "value", ttl=60)
        row = storage._ask(f"SELECT count(*) FROM {table}".encode())
        assert row is not None
        left.append(row[0])
    assert 500 == left[-1]
    assert max(before - after for before, after in pairwise(left)) < 192


@law("postgres-creates-its-table")
def test_a_user_that_may_not_create_uses_a_table_that_is_there(
    server: PostgresServer, storage: PostgresStorage
) -> None:
    """Who migrated the database gave only the right to read and write."""
    with server.client() as client:
        client.execute("CREATE ROLE application LOGIN")
        for table in storage._statements.tables:
            client.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table.name} TO application".encode())
    url = server.url.replace("postgres@", "application@")
    with PostgresStorage.from_url(url) as restricted:
        restricted.create_table()
        session_id, session = create_session("user", restricted)
        assert session == get_session(session_id, restricted)
        restricted.add("index", "member", 60)
        assert (["member"], 0) == (restricted.members("index"), restricted.purge())
    with PostgresStorage.from_url(url, table="missing") as restricted, pytest.raises(StorageError, match="permission"):
        restricted.create_table()


@pytest.mark.parametrize("name", ["", "a b", "a%b", 'a"b', "é", "a" * 49, "1", "a\0", "a;b"])
@pytest.mark.parametrize("parameter", ["table", "schema"])
def test_a_name_that_a_database_would_quote_or_cut_is_refused(name: str, parameter: str) -> None:
    """Letters, digits and underscores, 44 of a table and 48 of a schema: PostgreSQL cuts a longer one unsaid."""
    names: dict[str, Any] = {parameter: name}
    with pytest.raises(ValidationError, match=parameter):
        PostgresStorage.from_url("postgresql://localhost", **names)


def test_tables_and_schemas_share_nothing(server: PostgresServer, storage: PostgresStorage) -> None:
    """A table in a schema of its own is another one, whatever case its name has."""
    with server.client() as client:
        client.execute('CREATE SCHEMA "Site"')
    with PostgresStorage.from_url(server.url, table="Select", schema="Site") as other:
        other.create_table()
        other.create_table()
        other.set("in one of two", "value")
        assert ("value", None) == (other.get("in one of two"), storage.get("in one of two"))


def test_the_ttl_is_the_servers(storage: PostgresStorage) -> None:
    """A session is stored with its lifetime, a key without ttl without end, and a ttl of 0 is refused."""
    _, session = create_session("user", storage, 600)
    storage.set("endless", "value", ttl=60)
    storage.set("endless", "value")
    left = f"SELECT expires_at / 1000000 - extract(epoch FROM now()) FROM {storage._statements.table} WHERE key = %s"
    row, endless = (storage._ask(left.encode(), key) for key in (f"session:{session.handle}", "endless"))
    assert row is not None
    assert endless is not None
    assert 590 < row[0] < 601
    assert endless[0] > 1e12
    with pytest.raises(ValueError, match="1 or more"):
        storage.set("key", "value", ttl=0)


@law("postgres-hides-secrets", "id-is-never-shown")
def test_an_error_that_quotes_a_part_of_a_record_is_not_shown(storage: PostgresStorage) -> None:
    """PostgreSQL cuts what it quotes of a row that breaks a constraint: a part is as secret as the whole."""
    table = storage._statements.table
    storage._ask(f"TRUNCATE {table}".encode())
    storage._ask(f"ALTER TABLE {table} ADD COLUMN other text NOT NULL".encode())
    try:
        with pytest.raises(StorageError, match="NotNullViolation 23502") as caught:
            create_session("alice@example.com", storage)
        chain = [caught.value, caught.value.__cause__, caught.value.__context__]
        assert not any(word in f"{each} {each!r}" for each in chain for word in ("session:", "alice"))
    finally:
        storage._ask(f"DROP TABLE {table}".encode())


@law("postgres-hides-secrets")
def test_text_that_the_database_cannot_hold_is_a_storage_error(storage: PostgresStorage) -> None:
    """It is told without being shown."""
    for value in ("secret\0", "secret\ud800"):
        with pytest.raises(StorageError) as caught:
            storage.set("key", value)
        assert "secret" not in f"{caught.value!r} {caught.value.__cause__!r} {caught.value.__context__!r}"


@law("postgres-outage-is-bounded")
def test_calls_that_gave_up_a_lock_leave_nothing_on_the_server(server: PostgresServer) -> None:
    """The server is told, so that a table that is locked for long does not use up its connections."""
    counted = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'waits'"
    with (
        PostgresStorage.from_url(f"{server.url}?application_name=waits", timeout=0.2, max_connections=2) as storage,
        server.client() as client,
        ThreadPoolExecutor(4) as threads,
    ):
        storage.create_table()
        with client.transaction():
            client.execute(f"LOCK TABLE {storage._statements.table}")
            outcomes = list(threads.map(lambda _: _outcome(storage), range(24)))
            found = client.execute(counted).fetchone()
        assert {"StorageError"} == set(outcomes)
        assert found is not None
        assert found[0] <= 4
        assert _outcome(storage) == "answered"


def _outcome(storage: PostgresStorage) -> str:
    try:
        storage.get("key")
    except StorageError as error:
        return type(error).__name__
    return "answered"


def test_a_table_that_is_missing_is_told(server: PostgresServer) -> None:
    """The error of the server says which."""
    with PostgresStorage.from_url(server.url, table="nowhere") as storage, pytest.raises(StorageError, match="nowhere"):
        storage.get("session:0")


def test_threads_that_wait_for_a_connection_all_get_one(server: PostgresServer, storage: PostgresStorage) -> None:
    """Sixteen threads share two connections."""
    with PostgresStorage.from_url(server.url, max_connections=2) as small, ThreadPoolExecutor(16) as threads:
        small.set("key", "value")
        assert {"value"} == set(threads.map(lambda _: small.get("key"), range(500)))


def test_the_primary_is_found_among_several_hosts(server: PostgresServer, storage: PostgresStorage) -> None:
    """A host that only reads is passed over, for a logout must be read from the primary."""
    reader = PostgresServer("default_transaction_read_only = on")
    try:
        url = f"postgresql://postgres@127.0.0.1:{reader.port},127.0.0.1:{server.port}/postgres"
        with PostgresStorage.from_url(url) as either:
            session_id, session = create_session("user", either)
            assert session == get_session(session_id, storage)
    finally:
        reader.stop()


@law("postgres-drains")
def test_a_row_that_was_passed_over_goes_too(storage: PostgresStorage) -> None:
    """Expiry goes on where it ended; once a backlog is gone it begins at the oldest again."""
    table = storage._statements.table
    storage._ask(f"TRUNCATE {table}".encode())
    storage._ask(f"INSERT INTO {table} SELECT 'dead ' || n, 'value', n FROM generate_series(1, 1000) AS n".encode())
    for number in range(500):
        storage.set(f"live {number}", "value", ttl=60)
        if number == 100:
            storage._ask(f"INSERT INTO {table} VALUES ('older', 'value', 0)".encode())
    assert (500,) == storage._ask(f"SELECT count(*) FROM {table}".encode())
