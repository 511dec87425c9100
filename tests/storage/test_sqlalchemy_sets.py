"""The second table of SQLAlchemyStorage: how it is made, who shares it, and how it is drained."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import create_engine, func, inspect, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from cross_auth import IndexedStorage, StorageError
from cross_auth.storage.postgres import PostgresStorage
from cross_auth.storage.sqlalchemy import AsyncSQLAlchemyStorage, SQLAlchemyStorage
from cross_auth.storage.sqlite import SQLiteStorage
from cross_auth.testing._laws import law
from tests.databases import make_on_postgres, new_file, postgres_engine
from tests.servers.postgres_server import shared_url
from tests.storage.test_postgres_sets import LIMITS
from tests.storage.test_sqlalchemy import EACH, differences
from tests.storages import POSTGRES, Backend


@pytest.fixture(params=EACH)
def storage(request: pytest.FixtureRequest) -> Iterator[SQLAlchemyStorage]:
    backend: Backend = request.param
    made: Any = backend.make()
    yield made
    made.close()


def fill(storage: SQLAlchemyStorage, count: int) -> None:
    """Put so many dead rows into each of the tables."""
    values, members = storage._records.tables
    with storage._engine.begin() as connection:
        dead = [{"key": f"dead {number}", "value": "value", "expires_at": number} for number in range(count)]
        connection.execute(values.insert(), dead)
        dead = [{"key": f"{number // 5}", "member": f"{number}", "expires_at": number} for number in range(count)]
        connection.execute(members.insert(), dead)


def counts(storage: SQLAlchemyStorage) -> list[int]:
    with storage._engine.connect() as connection:
        return [connection.scalar(select(func.count()).select_from(table)) or 0 for table in storage._records.tables]


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
@pytest.mark.parametrize(
    "engine", [pytest.param(postgres_engine, marks=POSTGRES.skip), lambda: create_engine(f"sqlite:///{new_file()}")]
)
def test_no_name_is_cut_where_the_tables_is_as_long_as_it_may_be(engine: Callable[[], Any]) -> None:
    """PostgreSQL keeps 63 bytes of a name and says nothing: 44 of the table's leave room for all that follow."""
    storage = SQLAlchemyStorage(engine(), table="b" * 44)
    storage.create_table()
    storage.create_table()
    storage.add("index", "member", 60)
    assert ["member"] == storage.members("index")
    found = [index["name"] for index in inspect(storage._engine).get_indexes("b" * 44 + "_members")]
    assert ["b" * 44 + "_members_expires_at"] == found
    with pytest.raises(ValidationError, match="table"):
        SQLAlchemyStorage(storage._engine, table="b" * 45)


@POSTGRES.skip
@law("sqlalchemy-creates-its-table")
def test_a_user_that_may_not_create_uses_tables_that_are_there() -> None:
    """Who migrated the database gave only the right to read and write; one table without the other is told."""
    owner = make_on_postgres()
    values, members = owner._records.tables
    role = f"user_of_{values.name}"
    with owner._engine.begin() as connection:
        for statement in (f"CREATE ROLE {role} LOGIN", f"GRANT ALL ON {values.name}, {members.name} TO {role}"):
            connection.execute(text(statement))
    try:
        with SQLAlchemyStorage.from_url(shared_url().replace("postgres@", f"{role}@"), table=values.name) as storage:
            storage.create_table()
            storage.add("index", "member", 60)
            assert (0, ["member"]) == (storage.purge(), owner.members("index"))
            members.drop(owner._engine)
            with pytest.raises(StorageError, match="permission"):
                storage.create_table()
    finally:
        with owner._engine.begin() as connection:
            connection.execute(text(f"DROP OWNED BY {role}"))
            connection.execute(text(f"DROP ROLE {role}"))


@law("sqlalchemy-shares-its-table", "storage-index-is-whole")
def test_sqlite_storage_has_the_same_sets(tmp_path: Path) -> None:
    """A file that one of them made serves the other, whoever comes first."""
    path = tmp_path / "sessions.db"
    with SQLiteStorage(path) as plain, SQLAlchemyStorage.from_url(f"sqlite:///{path}") as other:
        other.create_table()
        share_sets(plain, other)
    path = tmp_path / "other.db"
    with SQLAlchemyStorage.from_url(f"sqlite:///{path}") as other:
        other.create_table()
        with SQLiteStorage(path) as plain:
            share_sets(plain, other)


@POSTGRES.skip
@law("sqlalchemy-shares-its-table", "storage-index-is-whole")
@pytest.mark.parametrize("first", [0, 1])
def test_postgres_storage_has_the_same_sets(first: int) -> None:
    """Tables that one of them made serve the other, whoever comes first."""
    kinds: list[Any] = [PostgresStorage, SQLAlchemyStorage]
    with (
        kinds[first].from_url(shared_url(), table=f"sets_{first}") as one,
        kinds[1 - first].from_url(shared_url(), table=f"sets_{first}") as other,
    ):
        one.create_table()
        other.create_table()
        share_sets(one, other)


def share_sets(one: IndexedStorage, other: IndexedStorage) -> None:
    for number, (writer, reader) in enumerate([(one, other), (other, one)]):
        writer.add(f"index {number}", "member", 600)
        reader.add(f"index {number}", "member", 1)
        reader.add(f"index {number}", "Member", 60)
        assert ["Member", "member"] == sorted(writer.members(f"index {number}"))
        assert ["Member", "member"] == sorted(reader.members(f"index {number}"))
        reader.discard(f"index {number}", "member")
        assert ["Member"] == writer.members(f"index {number}")


@law("storage-index-never-shortens")
def test_a_member_keeps_the_longer_of_two_lives(storage: SQLAlchemyStorage) -> None:
    """Whichever of them came first."""
    storage.add("index", "first", 600)
    storage.add("index", "first", 60)
    storage.add("index", "second", 60)
    storage.add("index", "second", 600)
    members = storage._records.tables[1]
    with storage._engine.connect() as connection:
        first, second = connection.scalars(select(members.c.expires_at).order_by(members.c.member))
    assert abs(first - second) < 60_000_000


@law("sqlalchemy-drains")
def test_expired_members_go_as_others_are_added(storage: SQLAlchemyStorage) -> None:
    """Half as many as there are dead ones remove them all, 48 at most with one of them; values are left to values."""
    fill(storage, 400)
    left = [counts(storage)]
    for number in range(200):
        storage.add("live", f"member {number}", 60)
        left.append(counts(storage))
    assert [400, 200] == left[-1]
    assert max(before[1] - after[1] for before, after in pairwise(left)) < 48


@law("sqlalchemy-purges")
@law("sqlalchemy-drains")
def test_a_purge_removes_what_has_expired_in_both_tables_and_nothing_else(storage: SQLAlchemyStorage) -> None:
    """It says how many rows went; fewer than were allowed means that none is left."""
    storage.set("key", "value", ttl=60)
    storage.set("endless", "value")
    storage.add("index", "member", 60)
    fill(storage, 450)
    assert [300, 50, 300, 250, 0] == [storage.purge(limit) for limit in (300, 50, 300, 1000, 1)]
    assert ("value", "value", ["member"]) == (storage.get("key"), storage.get("endless"), storage.members("index"))
    assert [2, 1] == counts(storage)


@law("sqlalchemy-drains")
def test_a_purge_goes_back_for_a_row_that_was_passed_over(storage: SQLAlchemyStorage) -> None:
    """Purges go on where the last one ended, and return to the oldest before they say that none is left."""
    fill(storage, 100)
    assert 60 == storage.purge(60)
    with storage._engine.begin() as connection:
        connection.execute(storage._records.tables[0].insert(), {"key": "older", "value": "value", "expires_at": 0})
    assert (141, 0) == (storage.purge(), storage.purge())


@law("sqlalchemy-purges")
@law("sqlalchemy-drains")
def test_purges_share_the_work(storage: SQLAlchemyStorage) -> None:
    """Each row is removed, and counted, by one of those who purge at the same time."""
    fill(storage, 400)
    with ThreadPoolExecutor(4) as threads:
        gone = list(threads.map(lambda _: sum(storage.purge(100) for _ in range(3)), range(4)))
    assert (800, [0, 0]) == (sum(gone), counts(storage))


@law("sqlalchemy-purges")
@POSTGRES.skip
@law("sqlalchemy-drains")
def test_a_purge_waits_for_nobody() -> None:
    """A row that another transaction holds is left for the next time, and its holder is not in the way."""
    storage = make_on_postgres()
    fill(storage, 10)
    values = storage._records.tables[0]
    with storage._engine.begin() as holder:
        holder.execute(select(values).where(values.c.key == "dead 3").with_for_update())
        assert 19 == storage.purge()
    assert 1 == storage.purge()


@pytest.mark.parametrize("limit", LIMITS)
def test_a_limit_that_is_none_is_refused(storage: SQLAlchemyStorage, limit: Any) -> None:
    """It is a whole number from 1 to 100 000."""
    with pytest.raises(ValidationError, match=r"SQLAlchemyStorage.purge\nlimit"):
        storage.purge(limit)


def test_a_ttl_that_is_none_is_refused(storage: SQLAlchemyStorage) -> None:
    """It is whole seconds, 1 or more; there is no member without end."""
    wrong: list[Any] = [0, -1, None, True, 1.5]
    for ttl in wrong:
        with pytest.raises(ValueError, match="1 or more"):
            storage.add("index", "member", ttl)
    assert storage.members("index") == []


@law("sqlalchemy-hides-secrets", "id-is-never-shown")
def test_no_error_shows_a_key_or_a_member(storage: SQLAlchemyStorage) -> None:
    """A table that is missing and text that is none are told without SQL parameters."""
    members = storage._records.tables[1]
    calls: list[Callable[[], object]] = [
        lambda: storage.add("secret-key\ud800", "secret-member\ud800", 60),
        lambda: storage.discard("secret-key\ud800", "secret-member\ud800"),
        lambda: storage.members("secret-key\ud800"),
    ]
    for call in calls:
        assert "secret" not in shown(call)
    members.drop(storage._engine)
    calls = [
        lambda: storage.add("secret-key", "secret-member", 60),
        lambda: storage.discard("secret-key", "secret-member"),
        lambda: storage.members("secret-key"),
        storage.purge,
    ]
    for call in calls:
        told = shown(call)
        assert members.name in told
        assert "secret" not in told


def shown(call: Callable[[], object]) -> str:
    """Return all that an error and what led to it say."""
    with pytest.raises(StorageError) as caught:
        call()
    chain = [caught.value, caught.value.__cause__, caught.value.__context__]
    return " ".join(f"{each} {each!r}" for each in chain)


def _on_asyncpg(table: str, **settings: str) -> AsyncSQLAlchemyStorage:
    """Return a storage on an engine in SQLAlchemy's own isolation level."""
    url = shared_url().replace("postgresql:", "postgresql+asyncpg:")
    storage = AsyncSQLAlchemyStorage(
        create_async_engine(url, connect_args={"server_settings": settings}, pool_size=16), table=table
    )
    storage._owned = True  # here the caller ends with the storage
    return storage


@POSTGRES.skip
@law("sqlalchemy-drains")
@pytest.mark.parametrize(
    "make", [lambda table: AsyncSQLAlchemyStorage.from_url(shared_url(), table=table), _on_asyncpg]
)
def test_rows_are_purged_by_the_async_storage(make: Callable[[str], AsyncSQLAlchemyStorage]) -> None:
    """In steps, as the sync storage does."""
    storage = make_on_postgres()
    fill(storage, 450)

    async def live() -> list[int]:
        async with make(storage._records.tables[0].name) as awaited:
            await awaited.create_table()
            await awaited.add("index", "member", 60)
            with pytest.raises(ValidationError, match="limit"):
                await awaited.purge(0)
            return [await awaited.purge(700), await awaited.purge(), len(await awaited.members("index"))]

    assert [700, 152, 1] == asyncio.run(live())


@POSTGRES.skip
@law("sqlalchemy-is-safe-for-processes", "storage-index-is-atomic")
def test_sets_are_kept_where_transactions_are_serializable() -> None:
    """Sixteen tasks add to and read one set while expired rows go: what is refused for now is asked again."""
    storage = make_on_postgres()
    fill(storage, 2000)

    async def work(awaited: AsyncSQLAlchemyStorage, task: int) -> None:
        for turn in range(30):
            await awaited.add("index", f"kept {task} {turn}", 600)
            await awaited.add("index", f"gone {task} {turn}", 600)
            assert f"kept {task} {turn}" in await awaited.members("index")
            await awaited.discard("index", f"gone {task} {turn}")

    async def live() -> None:
        name = storage._records.tables[0].name
        async with _on_asyncpg(name, default_transaction_isolation="serializable") as awaited:
            await asyncio.gather(*(work(awaited, task) for task in range(16)))

    asyncio.run(live())
    assert sorted(f"kept {task} {turn}" for task in range(16) for turn in range(30)) == sorted(storage.members("index"))
