"""PostgresStorage behind PgBouncer, which lends a server's connection for one transaction."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from cross_auth import create_session, delete_session, get_session
from cross_auth.storage.postgres import PostgresStorage
from cross_auth.testing._laws import law
from tests.servers.pgbouncer import PgBouncer, missing
from tests.servers.postgres_server import PostgresServer
from tests.storages import POSTGRES, skip_where

pytestmark = [skip_where("PgBouncer", missing()), POSTGRES.skip]


@pytest.fixture(scope="module")
def pooler() -> Iterator[PgBouncer]:
    server = PostgresServer()
    running = PgBouncer(server.port)
    yield running
    running.stop()
    server.stop()


@law("postgres-leaves-connections-as-they-were")
def test_sixteen_threads_share_the_connections_of_a_pooler(pooler: PgBouncer) -> None:
    """Each statement may run on another connection of the server than the one before."""
    with PostgresStorage.from_url(pooler.url, prepare_threshold=None) as storage, ThreadPoolExecutor(16) as threads:
        storage.create_table()

        def work(number: int) -> None:
            for turn in range(30):
                session_id, session = create_session(f"user {number} {turn}", storage)
                assert session == get_session(session_id, storage)
                storage.set(f"key {number}", "value", ttl=60)
                assert "value" == storage.pop(f"key {number}")
                delete_session(session_id, storage)
                assert get_session(session_id, storage) is None
                storage.add("index", f"member {number}", 60)
                storage.add("index", f"other {number}", 60)
                storage.discard("index", f"other {number}")
                assert f"member {number}" in storage.members("index")
                storage.purge()

        list(threads.map(work, range(16)))
        assert sorted(f"member {number}" for number in range(16)) == sorted(storage.members("index"))
