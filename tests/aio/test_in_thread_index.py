"""The sets of a sync storage, which threads lend to an event loop."""

import asyncio
import threading
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any, assert_type

import pytest

from cross_auth import AsyncSecondaryStorage, StorageError
from cross_auth.aio import in_thread
from cross_auth.storage import AsyncClosableStorage
from cross_auth.storage.memory import MemoryStorage
from cross_auth.storage.sqlite import SQLiteStorage
from cross_auth.testing._laws import law
from tests.doubles import FailingStorage

METHODS = ("add", "members", "discard")


class Proxy:
    """Pass on everything but what it hides, without a method of its own."""

    def __init__(self, storage: object, *hidden: str) -> None:
        self._storage = storage
        self._hidden = hidden

    def __getattr__(self, name: str) -> Any:
        if name in self._hidden:
            raise AttributeError(name)
        return getattr(self._storage, name)


class SlowStorage(MemoryStorage):
    """Change sets when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.may_answer = threading.Event()

    def add(self, key: str, member: str, ttl: int, /) -> None:
        self.may_answer.wait(20)
        super().add(key, member, ttl)


class HalfAwaitedStorage(MemoryStorage):
    """Have one method that returns an awaitable, which no look at it tells."""

    def add(self, key: str, member: str, ttl: int, /) -> Any:
        return asyncio.sleep(0)


def test_the_sets_of_a_storage_are_awaited(tmp_path: Path) -> None:
    """What tasks add at the same time is there for all, and what they discard is not."""

    async def live() -> list[str]:
        async with in_thread(SQLiteStorage(tmp_path / "sessions.db", synchronous="NORMAL")) as storage:
            await asyncio.gather(*(storage.add("user", f"member {number}", 60) for number in range(40)))
            await asyncio.gather(*(storage.discard("user", f"member {number}") for number in range(1, 40)))
            return await storage.members("user")

    assert ["member 0"] == asyncio.run(live())


@law("storage-index-is-whole")
@pytest.mark.parametrize("storage", [MemoryStorage(), Proxy(MemoryStorage())])
def test_a_storage_with_sets_keeps_them(storage: Any) -> None:
    """The three methods are coroutine functions, for a proxy whose type has none, too."""
    assert all(iscoroutinefunction(getattr(in_thread(storage), name)) for name in METHODS)


@law("storage-index-is-whole")
@pytest.mark.parametrize(
    "storage", [FailingStorage(StorageError("down")), *(Proxy(MemoryStorage(), name) for name in METHODS)]
)
def test_a_storage_without_all_of_them_gets_none(storage: Any) -> None:
    """Who looks for the methods is told the truth; values are kept as ever."""
    wrapper = in_thread(storage)
    assert not [name for name in METHODS if hasattr(wrapper, name)]
    assert all(iscoroutinefunction(getattr(wrapper, name)) for name in ("set", "get", "delete", "pop", "close"))


def test_the_type_says_whether_there_are_sets() -> None:
    """A storage with them is lent with them, and any other is a storage of values."""
    assert_type(in_thread(MemoryStorage()), AsyncClosableStorage)
    assert_type(in_thread(FailingStorage(StorageError("down"))), AsyncSecondaryStorage)


@law("in-thread-does-not-block")
def test_other_tasks_run_while_a_thread_changes_a_set() -> None:
    """The loop goes round a thousand times before the storage answers."""

    async def live() -> list[str]:
        slow = SlowStorage()
        storage = in_thread(slow)
        adding = asyncio.ensure_future(storage.add("user", "member", 60))
        for _ in range(1000):
            await asyncio.sleep(0)
        assert not adding.done()
        slow.may_answer.set()
        await adding
        return await storage.members("user")

    assert ["member"] == asyncio.run(live())


@law("in-thread-ends-with-its-call")
def test_a_cancelled_add_has_ended_when_it_raises() -> None:
    """What the thread did is done by then, and nothing of it later."""

    async def live() -> tuple[list[str], list[str]]:
        slow = SlowStorage()
        adding = asyncio.ensure_future(in_thread(slow).add("user", "member", 60))
        await asyncio.sleep(0.01)
        adding.cancel()
        await asyncio.sleep(0.01)
        assert not adding.done()
        before = slow.members("user")
        slow.may_answer.set()
        with pytest.raises(asyncio.CancelledError):
            await adding
        return before, slow.members("user")

    assert ([], ["member"]) == asyncio.run(live())


def test_what_a_storage_raises_about_sets_comes_through() -> None:
    """A ttl that is none is a ValueError, here as there."""
    with pytest.raises(ValueError, match="ttl"):
        asyncio.run(in_thread(MemoryStorage()).add("user", "member", 0))


def test_a_method_that_turns_out_to_be_async_is_an_error() -> None:
    """A call that was not made is never taken for one that was."""
    storage: Any = HalfAwaitedStorage()
    with pytest.raises(TypeError, match="async"):
        asyncio.run(in_thread(storage).add("user", "member", 60))
