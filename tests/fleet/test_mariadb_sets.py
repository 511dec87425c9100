"""The second table of SQLAlchemyStorage on MariaDB, and as on MySQL, whose rows and gaps have locks."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest
from sqlalchemy import create_engine, select, text

from cross_auth.storage.sqlalchemy import SQLAlchemyStorage
from cross_auth.testing._laws import law
from tests.databases import make_on, mariadb_engine, mysql_engine
from tests.servers import mariadb_server
from tests.storage.on_servers import CALLS
from tests.storage.test_sqlalchemy import differences
from tests.storage.test_sqlalchemy_sets import counts, fill
from tests.storages import MARIADB

pytestmark = MARIADB.skip

THREADS = 8


@pytest.fixture(params=[mariadb_engine, mysql_engine], ids=["mariadb", "mysql"])
def storage(request: pytest.FixtureRequest) -> SQLAlchemyStorage:
    return make_on(request.param())


@pytest.fixture(params=["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE", "AUTOCOMMIT"])
def isolated(request: pytest.FixtureRequest) -> Iterator[SQLAlchemyStorage]:
    """Yield a storage on an engine of an isolation level."""
    url = mariadb_server.shared_url().replace("mysql:", "mysql+pymysql:")
    engine = create_engine(url, isolation_level=request.param, pool_size=THREADS)
    yield make_on(engine)
    engine.dispose()


@law("sqlalchemy-creates-its-table")
def test_the_second_table_is_made_beside_that_of_an_older_release(storage: SQLAlchemyStorage) -> None:
    """What the first one holds stays, and Alembic finds nothing to do."""
    storage._records.tables[1].drop(storage._engine)
    storage.set("key", "value")
    storage.create_table()
    storage.add("index", "member", 60)
    assert ("value", ["member"]) == (storage.get("key"), storage.members("index"))
    with storage._engine.connect() as connection:
        assert not differences(connection, storage)


@law("sqlalchemy-creates-its-table")
def test_a_schema_of_its_own_is_used() -> None:
    """What MariaDB calls a database; rows are purged there too."""
    engine = mariadb_engine()
    with engine.begin() as connection:
        connection.execute(text("CREATE DATABASE IF NOT EXISTS Site"))
    storage = SQLAlchemyStorage(engine, table="Select", schema="Site")
    storage.create_table()
    storage.purge()
    fill(storage, 10)
    for ttl in (60, 600):
        storage.add("index", "member", ttl)
    assert (10, ["member"]) == (storage.purge(), storage.members("index"))


@law("storage-index-is-exact")
def test_a_collation_that_ignores_case_does_not_confuse_members(storage: SQLAlchemyStorage) -> None:
    """Keys and members are bytes, spaces at their ends too."""
    for key in ("index", "INDEX", "index "):
        for member in ("member", "MEMBER", "member ", "memb_r"):
            storage.add(key, f"{member}{len(key)}", 60)
    storage.discard("index", "MEMBER5")
    assert ["memb_r5", "member 5", "member5"] == sorted(storage.members("index"))
    assert ["MEMBER6", "memb_r6", "member 6", "member6"] == sorted(storage.members("index "))


@law("sqlalchemy-is-safe-for-processes", "storage-index-is-atomic")
def test_callers_are_not_in_each_others_way_at_any_isolation_level(isolated: SQLAlchemyStorage) -> None:
    """Threads add, revive and discard members of the same keys and of others while rows expire; no call is long."""
    fill(isolated, 4000)

    def work(thread: int) -> float:
        random, longest = Random(thread), 0.0
        for turn in range(50):
            begin = time.monotonic()
            isolated.add("index", f"kept {thread} {turn}", 600)
            isolated.add("index", f"shared {random.randrange(4)}", random.randrange(1, 600))
            isolated.add(f"of {thread}", f"gone {turn}", 60)
            isolated.add(f"{random.randrange(800)}", f"{random.randrange(4000)}", 60)
            isolated.discard("index", f"shared {random.randrange(4)}")
            isolated.discard(f"of {thread}", f"gone {turn}")
            isolated.discard(f"{random.randrange(800)}", f"{random.randrange(4000)}")
            assert f"kept {thread} {turn}" in isolated.members("index")
            if not turn % 10:
                isolated.purge(100)
            longest = max(longest, time.monotonic() - begin)
        assert isolated.members(f"of {thread}") == []
        return longest

    with ThreadPoolExecutor(THREADS) as threads:
        assert max(threads.map(work, range(THREADS))) < 10
    kept = sorted(f"kept {thread} {turn}" for thread in range(THREADS) for turn in range(50))
    assert kept == sorted(member for member in isolated.members("index") if member.startswith("kept"))


@law("sqlalchemy-drains")
def test_expired_members_go_as_others_are_added(storage: SQLAlchemyStorage) -> None:
    """Half as many as there are dead ones remove them all; values are left to values."""
    fill(storage, 400)
    for number in range(200):
        storage.add("live", f"member {number}", 60)
    assert [400, 200] == counts(storage)


@law("sqlalchemy-drains")
def test_a_purge_removes_what_has_expired_in_both_tables_and_nothing_else(storage: SQLAlchemyStorage) -> None:
    """It says how many rows went; fewer than were allowed means that none is left."""
    storage.set("key", "value", ttl=60)
    storage.add("index", "member", 60)
    fill(storage, 450)
    assert [300, 50, 300, 250, 0] == [storage.purge(limit) for limit in (300, 50, 300, 1000, 1)]
    assert ("value", ["member"]) == (storage.get("key"), storage.members("index"))
    assert [1, 1] == counts(storage)


@law("sqlalchemy-drains")
def test_a_purge_waits_for_nobody(isolated: SQLAlchemyStorage) -> None:
    """A row that another transaction holds is left for the next time, and its holder is not in the way."""
    fill(isolated, 10)
    values = isolated._records.tables[0]
    with mariadb_engine().begin() as holder:
        holder.execute(select(values).where(values.c.key == "dead 3").with_for_update())
        assert 19 == isolated.purge()
    assert (1, [0, 0]) == (isolated.purge(), counts(isolated))


@law("sqlalchemy-drains")
def test_purges_share_the_work(isolated: SQLAlchemyStorage) -> None:
    """Each row is removed, and counted, by one of those who purge at the same time."""
    fill(isolated, 1000)
    with ThreadPoolExecutor(4) as threads:
        gone = list(threads.map(lambda _: sum(isolated.purge(250) for _ in range(3)), range(4)))
    while more := isolated.purge():
        gone.append(more)  # of rows that others held while they looked
    assert (2000, [0, 0]) == (sum(gone), counts(isolated))


@law("sqlalchemy-leaves-connections-as-they-were")
@pytest.mark.parametrize("has_returning", [True, False])
def test_a_call_leaves_a_connection_as_it_was(isolated: SQLAlchemyStorage, has_returning: bool) -> None:
    """A transaction of several statements has an isolation level of its own, and is over when the call returns."""
    found: list[Any] = []
    for _ in range(2):
        with isolated._engine.connect() as connection:
            state = connection.execute(text("SELECT @@SESSION.tx_isolation, @@autocommit")).one()
            found.append((tuple(state), connection.get_isolation_level()))
        isolated._engine.dialect.delete_returning = has_returning
        fill(isolated, 100)
        for call in CALLS.values():
            call(isolated)
        assert [0, 0] == counts(isolated)
    assert found[0] == found[1]
