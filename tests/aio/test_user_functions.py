"""The awaited functions on a session's life and on the sessions of a user, on every async storage."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from pydantic import ValidationError

from cross_auth import (
    AsyncIndexedStorage,
    StorageError,
    aio,
    create_session,
    list_sessions,
    renew_session,
    session_handle,
)
from cross_auth.aio import in_thread
from cross_auth.storage.memory import AsyncMemoryStorage, MemoryStorage
from cross_auth.testing._laws import law
from tests.async_storages import ASYNC_BACKENDS, AsyncBackend
from tests.doubles import Recorder
from tests.storages import skip_where

ID = "A" * 43

on_every_storage = pytest.mark.parametrize(
    "backend",
    [pytest.param(each, id=each.name, marks=skip_where(each.name, each.missing)) for each in ASYNC_BACKENDS],
)


def live(backend: AsyncBackend, work: Callable[[Any], Coroutine[Any, Any, None]]) -> None:
    async def run() -> None:
        storage: Any = await backend.make()
        try:
            await work(storage)
        finally:
            await storage.close()

    asyncio.run(run())


@law("create-replaces")
@on_every_storage
def test_a_log_in_ends_what_took_the_place_of_the_session_that_it_replaces(backend: AsyncBackend) -> None:
    """Where the session was renewed meanwhile, its successor is dead after the log-in."""

    async def work(storage: AsyncIndexedStorage) -> None:
        old_id, _ = await aio.create_session("user", storage)
        renewed = await aio.renew_session(old_id, storage)
        assert renewed is not None
        new_id, session = await aio.create_session("user", storage, replaces=old_id)
        assert None is await aio.get_session(renewed[0], storage)
        assert session == await aio.get_session(new_id, storage)

    live(backend, work)


@law("renew-keeps-the-session", "renew-ends-the-old", "delete-follows-renewals", "touch-counts-what-was-written")
@on_every_storage
def test_a_session_is_touched_renewed_and_ended(backend: AsyncBackend) -> None:
    """The life of one session, awaited, is that of the sync functions."""

    async def work(storage: AsyncIndexedStorage) -> None:
        session_id, session = await aio.create_session("user", storage, idle_timeout=60, metadata={"device": "phone"})
        assert session == await aio.touch_session(session_id, storage) == await aio.get_session(session_id, storage)
        renewed = await aio.renew_session(session_id, storage)
        assert renewed is not None
        new_id, new = renewed
        assert new == await aio.get_session(new_id, storage)
        assert (None, None) == (
            await aio.get_session(session_id, storage),
            await aio.renew_session(session_id, storage),
        )
        await aio.delete_session(session_id, storage)
        assert (None, []) == (await aio.get_session(new_id, storage), await aio.list_sessions("user", storage))

    live(backend, work)


@law("list-has-every-live-session", "revoke-ends-that-session", "revoke-all-keeps-one", "revoke-all-ends-all")
@on_every_storage
def test_the_sessions_of_a_user_are_listed_and_ended(backend: AsyncBackend) -> None:
    """List, end one, end all but one, end all."""

    async def work(storage: AsyncIndexedStorage) -> None:
        ids = [(await aio.create_session("user", storage))[0] for _ in range(5)]
        other_id, other = await aio.create_session("another", storage)
        assert {*map(session_handle, ids)} == {each.handle for each in await aio.list_sessions("user", storage)}
        assert await aio.revoke_session("user", session_handle(ids[0]), storage)
        assert not await aio.revoke_session("user", session_handle(other_id), storage)
        assert 3 == await aio.revoke_sessions("user", storage, keep=ids[1])
        assert [session_handle(ids[1])] == [each.handle for each in await aio.list_sessions("user", storage)]
        assert 1 == await aio.revoke_sessions("user", storage)
        assert (None, other) == (await aio.get_session(ids[1], storage), await aio.get_session(other_id, storage))

    live(backend, work)


@law("revoke-all-ends-all", "renew-has-one-winner")
@on_every_storage
def test_of_renewals_at_the_same_time_one_wins(backend: AsyncBackend) -> None:
    """Of eight tasks that renew one session one has a new id, and it is the only session that is left."""

    async def work(storage: AsyncIndexedStorage) -> None:
        for _ in range(3):
            session_id, _ = await aio.create_session("user", storage)
            found = await asyncio.gather(*(aio.renew_session(session_id, storage) for _ in range(8)))
            (won,) = [each for each in found if each is not None]
            assert [won[1].handle] == [each.handle for each in await aio.list_sessions("user", storage)]
            assert 1 == await aio.revoke_sessions("user", storage)

    live(backend, work)


CALLS: dict[str, Callable[[Any], Coroutine[Any, Any, object]]] = {
    "touch": lambda storage: aio.touch_session(ID, storage),
    "renew": lambda storage: aio.renew_session(ID, storage),
    "list": lambda storage: aio.list_sessions("user", storage),
    "revoke": lambda storage: aio.revoke_session("user", "0" * 64, storage),
    "revoke all": lambda storage: aio.revoke_sessions("user", storage),
}


@law("index-is-demanded")
@pytest.mark.parametrize("call", [each for name, each in CALLS.items() if name != "touch"])
def test_an_async_storage_without_an_index_is_refused(call: Callable[[Any], Coroutine[Any, Any, object]]) -> None:
    """A sync storage with four methods is no more in a thread than it was."""
    with pytest.raises(ValidationError, match="lacks add, members, discard"):
        asyncio.run(call(in_thread(Recorder(MemoryStorage()))))


@law("index-is-demanded")
def test_an_index_that_is_not_awaited_is_refused() -> None:
    """A storage whose four methods are async and whose three are not says which."""

    class Mixed(AsyncMemoryStorage):
        def add(self, key: str, member: str, ttl: int, /) -> None: ...  # type: ignore[override]  # what is refused

    with pytest.raises(ValidationError, match="add, members, discard are async, which those of Mixed are not"):
        asyncio.run(aio.list_sessions("user", Mixed()))  # type: ignore[arg-type]  # what is refused


@law("create-refuses-first")
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("storage", [MemoryStorage(), object(), None])
def test_what_is_no_async_storage_is_refused(call: Callable[[Any], Coroutine[Any, Any, object]], storage: Any) -> None:
    """The parameter is named, and a sync storage is told what makes it async."""
    with pytest.raises(ValidationError, match="storage") as caught:
        asyncio.run(call(storage))
    assert ("in_thread" in str(caught.value)) is isinstance(storage, MemoryStorage)


@law("create-refuses-first")
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("create_session", {"user_id": "user", "idle_timeout": 0}),
        ("create_session", {"user_id": "user", "metadata": {"k": 1}}),
        ("touch_session", {"session_id": None}),
        ("renew_session", {"session_id": b"id"}),
        ("list_sessions", {"user_id": ""}),
        ("revoke_session", {"user_id": "user", "handle": None}),
        ("revoke_sessions", {"user_id": "user", "keep": "id"}),
    ],
)
def test_arguments_are_looked_at_before_the_storage_is_asked(name: str, arguments: dict[str, Any]) -> None:
    """Each refusal names the last parameter, and nothing is written."""
    storage = AsyncMemoryStorage()
    with pytest.raises(ValidationError, match=list(arguments)[-1]):
        asyncio.run(getattr(aio, name)(storage=storage, **arguments))
    assert not storage._storage._entries


class SlowStorage(AsyncMemoryStorage):
    """Wait before each call that writes, and count them."""

    def __init__(self, storage: MemoryStorage) -> None:
        self._storage = storage
        self.calls = 0

    async def _wait(self) -> None:
        self.calls += 1
        for _ in range(10):
            await asyncio.sleep(0)

    async def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        await self._wait()
        await super().set(key, value, ttl=ttl)

    async def pop(self, key: str, /) -> str | None:
        await self._wait()
        return await super().pop(key)

    async def add(self, key: str, member: str, ttl: int, /) -> None:
        await self._wait()
        await super().add(key, member, ttl)

    async def discard(self, key: str, member: str, /) -> None:
        await self._wait()
        await super().discard(key, member)


@law("renew-undoes")
@pytest.mark.parametrize("point", range(6))
def test_a_renewal_that_is_cancelled_leaves_one_session_at_most(point: int) -> None:
    """Cancelled at any call, and again while it undoes, no id but the old one leads to a session."""
    storage = MemoryStorage()
    session_id, session = create_session("user", storage, idle_timeout=60)

    async def work() -> None:
        slow = SlowStorage(storage)
        renewing = asyncio.ensure_future(aio.renew_session(session_id, slow))
        while slow.calls <= point and not renewing.done():
            await asyncio.sleep(0)
        renewing.cancel()
        await asyncio.sleep(0)
        renewing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await renewing
        for _ in range(100):  # the undoing goes on where its task was given up
            await asyncio.sleep(0)

    asyncio.run(work())
    assert {each.handle for each in list_sessions("user", storage)} <= {session.handle}


@law("outage-raises")
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_storage_that_fails_makes_the_functions_raise(call: Callable[[Any], Coroutine[Any, Any, object]]) -> None:
    """An outage is neither an empty list nor a sign-out."""

    class Down(MemoryStorage):
        def get(self, key: str, /) -> str | None:
            raise StorageError("down")

        def members(self, key: str, /) -> list[str]:
            raise StorageError("down")

    with pytest.raises(StorageError, match="down"):
        asyncio.run(call(in_thread(Down())))


@law("renew-ends-the-old", "list-has-every-live-session")
def test_both_colours_know_the_same_sessions() -> None:
    """What one renews the other lists."""
    storage = MemoryStorage()
    session_id, _ = create_session("user", storage)
    renewed = asyncio.run(aio.renew_session(session_id, in_thread(storage)))
    assert renewed is not None
    assert [renewed[1].handle] == [each.handle for each in list_sessions("user", storage)]
    assert renew_session(session_id, storage) is None
