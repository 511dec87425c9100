"""The second table of PostgresStorage: how it is made, how it is drained, and who may be in whose way."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest
from psycopg_pool import AsyncConnectionPool, ConnectionPool
from pydantic import ValidationError

from cross_auth import StorageError
from cross_auth.storage._postgres_table import Table
from cross_auth.storage.postgres import AsyncPostgresStorage, PostgresStorage
from cross_auth.testing._laws import law
from tests.databases import make_postgres, pool
from tests.servers.postgres_server import shared_url
from tests.storage.test_postgres import serializable_pool
from tests.storages import POSTGRES

pytestmark = POSTGRES.skip

LIMITS = [0, -1, 100_001, True, 1.0, "1", None]


@pytest.fixture
def storage() -> PostgresStorage:
    return make_postgres()


def fill(storage: PostgresStorage, count: int) -> None:
    """Put so many dead rows into each of the tables."""
    values, members = (table.name for table in storage._statements.tables)
    numbers = f"generate_series(1, {count}) AS n"
    storage._ask(f"INSERT INTO {values} SELECT 'dead ' || n, 'value', n FROM {numbers}".encode())
    storage._ask(f"INSERT INTO {members} SELECT 'index ' || n / 5, 'dead ' || n, n FROM {numbers}".encode())


def counts(storage: PostgresStorage) -> list[int]:
    return [
        row[0]
        for table in storage._statements.tables
        if (row := storage._ask(f"SELECT count(*) FROM {table.name}".encode()))
    ]


@law("postgres-creates-its-table")
def test_the_second_table_is_made_beside_that_of_an_older_release(storage: PostgresStorage) -> None:
    """What the first one holds stays, and each has its index."""
    values, members = storage._statements.tables
    storage._ask(f"DROP TABLE {members.name}".encode())
    storage.set("key", "value")
    storage.create_table()
    storage.add("index", "member", 60)
    assert ("value", ["member"]) == (storage.get("key"), storage.members("index"))
    assert sorted(f"{each}_{end}" for each in names(values, members) for end in ("expires_at", "pkey")) == indexes(
        storage
    )


def names(*tables: Any) -> list[str]:
    return [table.name.strip('"') for table in tables]


def indexes(storage: PostgresStorage) -> list[str]:
    """Return the names of the indexes of both tables, as the database has them."""
    wanted = "SELECT array_agg(indexname::text ORDER BY indexname) FROM pg_indexes WHERE tablename IN (%s, %s)"
    row = storage._ask(wanted.encode(), *names(*storage._statements.tables))
    assert row is not None
    found: list[str] = row[0]
    return sorted(found)


@law("postgres-creates-its-table")
def test_who_does_not_own_the_first_table_may_make_the_second(storage: PostgresStorage) -> None:
    """What is there is left alone: its index is its owner's to make."""
    values, members = storage._statements.tables
    role = f"maker_of_{names(values)[0]}"
    with pool().connection() as owner:
        owner.execute(
            f"DROP TABLE {members.name}; CREATE ROLE {role} LOGIN; GRANT CREATE ON SCHEMA public TO {role}".encode()
        )
        owner.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {values.name} TO {role}".encode())
    try:
        url = shared_url().replace("postgres@", f"{role}@")
        with PostgresStorage.from_url(url, table=names(values)[0]) as restricted:
            restricted.create_table()
            restricted.add("index", "member", 60)
            assert ["member"] == restricted.members("index")
    finally:
        with pool().connection() as owner:
            owner.execute(f"DROP OWNED BY {role}; DROP ROLE {role}".encode())


@law("postgres-creates-its-table")
def test_no_name_is_cut_where_the_tables_is_as_long_as_it_may_be() -> None:
    """PostgreSQL keeps 63 bytes of a name and says nothing: 44 of the table's leave room for all that follow."""
    storage = PostgresStorage(pool(), table="a" * 44)
    storage.create_table()
    storage.add("index", "member", 60)
    assert ["member"] == storage.members("index")
    assert 63 == max(len(name) for name in indexes(storage))
    assert {"a" * 44 + "_members_expires_at", "a" * 44 + "_expires_at"} < set(indexes(storage))
    with pytest.raises(ValidationError, match="table"):
        PostgresStorage(pool(), table="a" * 45)


@law("postgres-drains")
def test_expired_members_go_as_others_are_added(storage: PostgresStorage) -> None:
    """Half as many as there are dead ones remove them all, 192 at most with one of them; values are left to values."""
    fill(storage, 1000)
    left = [counts(storage)]
    for number in range(500):
        storage.add("live", f"member {number}", 60)
        left.append(counts(storage))
    assert [1000, 500] == left[-1]
    assert max(before[1] - after[1] for before, after in pairwise(left)) < 192


@law("postgres-purges")
@law("postgres-drains")
def test_a_purge_removes_what_has_expired_in_both_tables_and_nothing_else(storage: PostgresStorage) -> None:
    """It says how many rows went; fewer than were allowed means that none is left."""
    storage.set("key", "value", ttl=60)
    storage.set("endless", "value")
    storage.add("index", "member", 60)
    fill(storage, 1500)
    assert [1000, 500, 1000, 500, 0] == [storage.purge(limit) for limit in (1000, 500, 1000, 5000, 1)]
    assert ("value", "value", ["member"]) == (storage.get("key"), storage.get("endless"), storage.members("index"))
    assert [2, 1] == counts(storage)


@law("postgres-drains")
def test_a_purge_goes_back_for_a_row_that_was_passed_over(storage: PostgresStorage) -> None:
    """Purges go on where the last one ended, and return to the oldest before they say that none is left."""
    fill(storage, 100)
    assert 60 == storage.purge(60)
    storage._ask(f"INSERT INTO {storage._statements.table} VALUES ('older', 'value', 0)".encode())
    assert (141, 0) == (storage.purge(), storage.purge())
    assert [0, 0] == counts(storage)


@law("postgres-purges")
@law("postgres-drains")
def test_a_purge_waits_for_nobody(storage: PostgresStorage) -> None:
    """A row that another transaction holds is left for the next time, and its holder is not in the way."""
    fill(storage, 10)
    with pool().connection() as holder, holder.transaction():
        holder.execute(f"SELECT key FROM {storage._statements.table} WHERE key = 'dead 3' FOR UPDATE".encode())
        assert 19 == storage.purge()
        holder.execute(f"UPDATE {storage._statements.table} SET expires_at = {2**62} WHERE key = 'dead 3'".encode())
    assert (0, "value") == (storage.purge(), storage.get("dead 3"))


@law("postgres-purges")
@law("postgres-drains")
def test_purges_share_the_work(storage: PostgresStorage) -> None:
    """Each row is removed, and counted, by one of those who purge at the same time."""
    fill(storage, 4000)
    with ThreadPoolExecutor(4) as threads:
        gone = list(threads.map(lambda _: sum(storage.purge(500) for _ in range(5)), range(4)))
    assert 8000 == sum(gone)
    assert [0, 0] == counts(storage)


@law("postgres-drains")
def test_a_purge_takes_a_thousand_rows_a_step(storage: PostgresStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many are wanted; a step meets again what the one before it removed, and the last one begins at 0."""
    fill(storage, 2500)
    steps: list[tuple[int, int]] = []
    remove = storage._remove

    def listen(table: Table, begin: int, rows: int) -> int:
        steps.append((begin, rows))
        return remove(table, begin, rows)

    monkeypatch.setattr(storage, "_remove", listen)
    assert 2700 == storage.purge(2700)
    assert [(0, 1000), (0, 1000), (1000, 700), (0, 200), (0, 200)] == steps


@pytest.mark.parametrize("limit", LIMITS)
def test_a_limit_that_is_none_is_refused(storage: PostgresStorage, limit: Any) -> None:
    """It is a whole number from 1 to 100 000."""
    with pytest.raises(ValidationError, match=r"PostgresStorage.purge\nlimit"):
        storage.purge(limit)


def test_rows_in_a_table_of_several_parts_are_not_confused() -> None:
    """Two parts have rows at the same places: what has not expired is not removed for another's place."""
    storage = PostgresStorage(pool(), table="in_parts")
    members = storage._statements.tables[1].name
    with pool().connection() as owner:
        owner.execute(f"DROP TABLE IF EXISTS {members}".encode())
        columns = 'key text COLLATE "C", member text COLLATE "C", expires_at bigint NOT NULL, PRIMARY KEY (key, member)'
        owner.execute(f"CREATE TABLE {members} ({columns}) PARTITION BY LIST (member)".encode())
        for part in ("dead", "live"):
            owner.execute(f"CREATE TABLE in_{part}_part PARTITION OF {members} FOR VALUES IN ('{part}')".encode())
    storage.create_table()
    for number in range(100):
        storage.add(f"index {number}", "live", 60)
    storage._ask(f"INSERT INTO {members} SELECT 'dead ' || n, 'dead', 0 FROM generate_series(1, 100) AS n".encode())
    assert (100, 0) == (storage.purge(), storage.purge())
    assert [["live"]] * 100 == [storage.members(f"index {number}") for number in range(100)]


@law("postgres-is-safe-for-processes", "storage-index-is-atomic")
def test_sets_are_kept_where_transactions_are_serializable(storage: PostgresStorage) -> None:
    """Sixteen threads add to, read and purge one set while expired rows go: what is refused for now is asked again."""
    strict = PostgresStorage(serializable_pool(), table=names(*storage._statements.tables)[0])
    fill(storage, 20_000)

    def work(thread: int) -> None:
        for turn in range(60):
            strict.add("index", f"kept {thread} {turn}", 600)
            strict.add("index", f"gone {thread} {turn}", 600)
            assert f"kept {thread} {turn}" in strict.members("index")
            strict.discard("index", f"gone {thread} {turn}")
            strict.set(f"key {thread}", "value", ttl=60)
            if not turn % 20:
                strict.purge(500)

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(work, range(16)))
    assert sorted(f"kept {thread} {turn}" for thread in range(16) for turn in range(60)) == sorted(
        storage.members("index")
    )


@law("postgres-hides-secrets", "id-is-never-shown")
def test_no_error_shows_a_key_or_a_member(storage: PostgresStorage) -> None:
    """A constraint that refuses a member, text that is none and a table that is missing are told without them."""
    members = storage._statements.tables[1].name
    calls: list[Callable[[], object]] = [
        lambda: storage.add("secret-key", "secret-member", 60),
        lambda: storage.add("secret-key\0", "secret-member\0", 60),
        lambda: storage.discard("secret-key\ud800", "secret-member\ud800"),
        lambda: storage.members("secret-key\0"),
    ]
    storage._ask(f"ALTER TABLE {members} ADD CHECK (member <> 'secret-member') NOT VALID".encode())
    for change in ("SELECT 1", f"DROP TABLE {members}"):
        storage._ask(change.encode())
        for call in calls:
            with pytest.raises(StorageError, match="PostgreSQL") as caught:
                call()
            chain = [caught.value, caught.value.__cause__, caught.value.__context__]
            assert "secret" not in " ".join(f"{each} {each!r}" for each in chain)


def test_the_ttl_of_a_member_is_the_servers(storage: PostgresStorage) -> None:
    """It is whole seconds, 1 or more, of the server's clock; there is no member without end."""
    storage.add("index", "member", 600)
    members = storage._statements.tables[1].name
    row = storage._ask(f"SELECT expires_at / 1000000.0 - extract(epoch FROM now()) FROM {members}".encode())
    assert row is not None
    assert 590 < row[0] < 601
    wrong: list[Any] = [0, -1, None, True, 1.5]
    for ttl in wrong:
        with pytest.raises(ValueError, match="1 or more"):
            storage.add("index", "other", ttl)
    assert ["member"] == storage.members("index")


@law("postgres-drains")
@pytest.mark.parametrize("in_autocommit", [True, False])
def test_rows_are_purged_over_a_callers_async_pool(storage: PostgresStorage, in_autocommit: bool) -> None:
    """In steps, as the sync storage does."""
    fill(storage, 1500)

    async def live() -> list[int]:
        options = {"autocommit": in_autocommit}
        mine: AsyncConnectionPool[Any]
        async with AsyncConnectionPool(shared_url(), min_size=1, kwargs=options, open=False) as mine:
            awaited = AsyncPostgresStorage(mine, table=names(*storage._statements.tables)[0])
            await awaited.add("index", "member", 60)
            with pytest.raises(ValidationError, match="limit"):
                await awaited.purge(0)
            return [await awaited.purge(2000), await awaited.purge(), len(await awaited.members("index"))]

    assert [2000, 808, 1] == asyncio.run(live())


@pytest.fixture
def borrowed(storage: PostgresStorage) -> Iterator[PostgresStorage]:
    """Yield a storage on a pool whose connections are not in autocommit mode."""
    with ConnectionPool[Any](shared_url(), min_size=1, max_size=4, open=False) as mine:
        yield PostgresStorage(mine, table=names(*storage._statements.tables)[0])


@law("postgres-leaves-connections-as-they-were")
def test_each_call_is_committed_where_connections_are_not_in_autocommit_mode(
    storage: PostgresStorage, borrowed: PostgresStorage
) -> None:
    """What one storage did the other sees, rows that were purged too."""
    fill(storage, 100)
    borrowed.add("index", "member", 60)
    borrowed.add("index", "other", 60)
    borrowed.discard("index", "other")
    assert ["member"] == storage.members("index")
    assert (100, 0) == (borrowed.purge(), storage.purge())
