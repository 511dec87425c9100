"""The awaited session functions, and the threads that lend them a sync storage."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from pydantic import ValidationError

from cross_auth import StorageError, aio, create_session, delete_session, get_session
from cross_auth.aio import in_thread
from cross_auth.storage import open_async_storage
from cross_auth.storage.memory import AsyncMemoryStorage, MemoryStorage
from cross_auth.storage.postgres import AsyncPostgresStorage
from cross_auth.storage.redis import AsyncRedisStorage
from cross_auth.testing._laws import law
from tests.doubles import FailingStorage
from tests.servers import postgres_server, redis_server
from tests.storages import POSTGRES, REDIS

ID = "A" * 43


@law("create-is-readable", "delete-is-final")
def test_both_colours_read_and_end_each_others_sessions() -> None:
    """Over one storage the awaited functions and the sync ones do the same."""

    async def live() -> None:
        storage = MemoryStorage()
        awaited = in_thread(storage)
        session_id, session = await aio.create_session("user", awaited, 60)
        assert session == await aio.get_session(session_id, awaited) == get_session(session_id, storage)
        delete_session(session_id, storage)
        assert await aio.get_session(session_id, awaited) is None
        session_id, _ = create_session("user", storage)
        await aio.delete_session(session_id, awaited)
        assert get_session(session_id, storage) is None

    asyncio.run(live())


CALLS: dict[str, Callable[[Any], Coroutine[Any, Any, object]]] = {
    "create": lambda storage: aio.create_session("user", storage),
    "get": lambda storage: aio.get_session(ID, storage),
    "delete": lambda storage: aio.delete_session(ID, storage),
}
each_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


@law("create-refuses-first")
@each_call
@pytest.mark.parametrize("storage", [MemoryStorage(), AsyncMemoryStorage, object(), None])
def test_what_is_no_async_storage_is_refused(call: Callable[[Any], Coroutine[Any, Any, object]], storage: Any) -> None:
    """The parameter is named, and a sync storage is told what makes it async."""
    with pytest.raises(ValidationError, match="storage") as caught:
        asyncio.run(call(storage))
    assert ("in_thread" in str(caught.value)) is isinstance(storage, MemoryStorage)


@law("create-refuses-first")
def test_the_sync_functions_refuse_an_async_storage() -> None:
    """The message leads to the module for it."""
    storage: Any = AsyncMemoryStorage()
    with pytest.raises(ValidationError, match=r"cross_auth\.aio"):
        create_session("user", storage)
    with pytest.raises(ValidationError, match=r"cross_auth\.aio"):
        get_session(ID, storage)


@law("create-refuses-first")
@pytest.mark.parametrize(
    ("call", "parameter"),
    [
        (lambda storage: aio.create_session(7, storage), "user_id"),  # type: ignore[arg-type]  # what is to be refused
        (lambda storage: aio.create_session("user", storage, 0), "max_age"),
        (lambda storage: aio.create_session("user", storage, True), "max_age"),
        (lambda storage: aio.get_session(b"id", storage), "session_id"),  # type: ignore[arg-type]  # refused
        (lambda storage: aio.delete_session(None, storage), "session_id"),  # type: ignore[arg-type]  # refused
    ],
)
def test_arguments_are_looked_at_before_the_storage_is_asked(call: Any, parameter: str) -> None:
    """Each refusal names the parameter, and nothing is written."""
    storage = AsyncMemoryStorage()
    with pytest.raises(ValidationError, match=parameter):
        asyncio.run(call(storage))
    assert not storage._storage._entries


@law("outage-raises")
@each_call
def test_a_storage_that_fails_makes_the_functions_raise(call: Callable[[Any], Coroutine[Any, Any, object]]) -> None:
    """An outage is no logout and no session."""
    with pytest.raises(StorageError, match="down"):
        asyncio.run(call(in_thread(FailingStorage(StorageError("down")))))


@law("get-malformed-is-none")
def test_malformed_ids_do_not_reach_the_storage() -> None:
    """They are answered even where the storage is down."""

    async def ask() -> tuple[object, object]:
        storage = in_thread(FailingStorage(StorageError("down")))
        await aio.delete_session("malformed", storage)
        return await aio.get_session("malformed", storage), await aio.get_session("", storage)

    assert (None, None) == asyncio.run(ask())


class SlowStorage(MemoryStorage):
    """Answer when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.may_answer = threading.Event()

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        self.may_answer.wait(20)
        super().set(key, value, ttl=ttl)


@law("in-thread-does-not-block")
def test_other_tasks_run_while_a_thread_is_in_a_call() -> None:
    """The loop goes round a thousand times before the storage answers."""

    async def live() -> int:
        storage = SlowStorage()
        creating = asyncio.ensure_future(aio.create_session("user", in_thread(storage)))
        for _ in range(1000):
            await asyncio.sleep(0)
        assert not creating.done()
        storage.may_answer.set()
        await creating
        return len(storage._entries)

    assert 1 == asyncio.run(live())


@law("in-thread-ends-with-its-call")
def test_a_cancelled_call_has_ended_when_it_raises() -> None:
    """What the thread did is done by then, and what it raised is nobody's surprise."""

    async def live() -> tuple[int, int]:
        storage = SlowStorage()
        creating = asyncio.ensure_future(aio.create_session("user", in_thread(storage)))
        await asyncio.sleep(0.01)
        creating.cancel()
        await asyncio.sleep(0.01)
        assert not creating.done()
        before = len(storage._entries)
        storage.may_answer.set()
        with pytest.raises(asyncio.CancelledError):
            await creating
        return before, len(storage._entries)

    assert (0, 1) == asyncio.run(live())


@REDIS.skip
@law("storage-survives-cancellation", "get-foreign-is-none")
def test_a_storm_of_cancellations_yields_nobody_elses_session() -> None:
    """Whatever calls are cancelled on a shared client, each id leads to its own user or to nothing."""

    async def live() -> int:
        async with AsyncRedisStorage.from_url(redis_server.fresh_database(), max_connections=4) as storage:
            users = dict([await _created(number, storage) for number in range(20)])
            seen = 0

            async def read(session_id: str) -> None:
                nonlocal seen
                session = await aio.get_session(session_id, storage)
                assert session is not None
                assert users[session_id] == session.user_id
                seen += 1

            begin = time.monotonic()
            while time.monotonic() - begin < 2:
                tasks = [asyncio.ensure_future(read(session_id)) for session_id in users]
                await asyncio.sleep(0.0005 * (seen % 4))
                for task in tasks[::2]:
                    task.cancel()
                results = await asyncio.gather(*tasks, return_exceptions=True)
                assert {type(each) for each in results} <= {type(None), asyncio.CancelledError, StorageError}
                assert not [each for each in results[1::2] if isinstance(each, asyncio.CancelledError)]
            return seen

    assert asyncio.run(live()) > 100


async def _created(number: int, storage: AsyncRedisStorage) -> tuple[str, str]:
    session_id, session = await aio.create_session(f"user {number}", storage)
    return session_id, session.user_id


@law("open-async-storage-by-url")
@pytest.mark.parametrize(
    ("url", "kind"),
    [
        pytest.param(lambda folder: "memory://", "AsyncMemoryStorage", id="memory"),
        pytest.param(lambda folder: f"sqlite:///{folder}/sessions.db", "_InThread", id="sqlite"),
        pytest.param(lambda folder: redis_server.shared_url(), "AsyncRedisStorage", id="redis", marks=REDIS.skip),
        pytest.param(
            lambda folder: postgres_server.shared_url(), "AsyncPostgresStorage", id="postgres", marks=POSTGRES.skip
        ),
    ],
)
def test_every_scheme_opens_its_async_storage(url: Callable[[object], str], kind: str, tmp_path: object) -> None:
    """The storage is ready to use, and opened again it holds what it held, if it holds anything at all."""

    async def live() -> bool:
        async with await open_async_storage(url(tmp_path)) as storage:
            assert kind == type(storage).__name__
            session_id, session = await aio.create_session("user", storage)
            assert session == await aio.get_session(session_id, storage)
        async with await open_async_storage(url(tmp_path)) as storage:
            return session == await aio.get_session(session_id, storage)

    assert asyncio.run(live()) is (kind != "AsyncMemoryStorage")


@law("open-storage-explains")
@POSTGRES.skip
def test_what_cannot_be_opened_awaited_is_told_without_the_password() -> None:
    """The table is asked for at once, so that a wrong password is no surprise later."""
    url = postgres_server.shared_url().replace("postgres@", "nobody:secret-word@")
    with pytest.raises(StorageError, match="nobody") as caught:
        asyncio.run(open_async_storage(url))
    assert "secret" not in f"{caught.value!r} {caught.value.__cause__!r}"


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (lambda: AsyncRedisStorage("redis://localhost"), "not str"),
        (lambda: AsyncRedisStorage(__import__("redis").Redis()), r"redis\.asyncio\.Redis, not redis\.Redis"),
        (lambda: AsyncPostgresStorage("postgresql://localhost"), "not str"),  # type: ignore[arg-type]  # refused
    ],
)
def test_a_sync_client_is_refused(make: Callable[[], object], found: str) -> None:
    """The message names what is wanted."""
    with pytest.raises(TypeError, match=found):
        make()
