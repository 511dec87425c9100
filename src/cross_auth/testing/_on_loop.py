"""Give an async storage the sync form: its calls run on an event loop in a thread of its own."""

import asyncio
import atexit
from collections.abc import Awaitable, Callable, Coroutine
from functools import cache
from inspect import isawaitable, iscoroutinefunction
from threading import Thread
from typing import Any, TypeVar

from cross_auth._protocols import AsyncIndexedStorage, AsyncSecondaryStorage, SecondaryStorage
from cross_auth.testing._clock import Advance
from cross_auth.testing._index import has_async_index
from cross_auth.testing._laws import clause

T = TypeVar("T")
Factory = Callable[[], SecondaryStorage]
Reopen = Callable[[SecondaryStorage], SecondaryStorage]
AsyncFactory = Callable[[], AsyncSecondaryStorage | Awaitable[AsyncSecondaryStorage]]
AsyncAdvance = Callable[[AsyncSecondaryStorage, float], object]
AsyncReopen = Callable[[AsyncSecondaryStorage], AsyncSecondaryStorage | Awaitable[AsyncSecondaryStorage]]


class OnLoop:
    """The four methods of an async storage, each called and awaited on the loop."""

    def __init__(self, storage: AsyncSecondaryStorage) -> None:
        self.storage = storage

    def set(self, key: str, value: str, /, ttl: int | None = None) -> object:
        return run(_awaited(self.storage.set, key, value, ttl=ttl))

    def get(self, key: str, /) -> str | None:
        return run(_awaited(self.storage.get, key))

    def delete(self, key: str, /) -> object:
        return run(_awaited(self.storage.delete, key))

    def pop(self, key: str, /) -> str | None:
        return run(_awaited(self.storage.pop, key))

    def close(self) -> None:
        method = getattr(self.storage, "close", None)
        if callable(method):
            run(_settled(method))


class IndexedOnLoop(OnLoop):
    """And the three methods of one that keeps sets."""

    storage: AsyncIndexedStorage

    def add(self, key: str, member: str, ttl: int, /) -> object:
        return run(_awaited(self.storage.add, key, member, ttl))

    def members(self, key: str, /) -> list[str]:
        return run(_awaited(self.storage.members, key))

    def discard(self, key: str, member: str, /) -> object:
        return run(_awaited(self.storage.discard, key, member))


def opened(factory: AsyncFactory) -> OnLoop:
    """Return what a factory makes on the loop, in its sync form."""
    storage: AsyncSecondaryStorage = run(_settled(factory))
    return IndexedOnLoop(storage) if has_async_index(storage) else OnLoop(storage)


def behind(storage: SecondaryStorage) -> AsyncSecondaryStorage:
    """Return the async storage that has this sync form."""
    assert isinstance(storage, OnLoop)
    return storage.storage


def as_written(storage: SecondaryStorage) -> object:
    """Return the storage that is tested, without the sync form that it may have been given."""
    return storage.storage if isinstance(storage, OnLoop) else storage


def sync_form(
    factory: AsyncFactory, advance: AsyncAdvance | None, reopen: AsyncReopen | None
) -> tuple[Factory, Advance | None, Reopen | None]:
    """Return what makes, advances and reopens an async storage, for those who see its sync form."""
    return lambda: opened(factory), advance and advancing(advance), reopen and _reopening(reopen)


def advancing(advance: AsyncAdvance) -> Advance:
    return lambda storage, seconds: run(_settled(lambda: advance(behind(storage), seconds)))


def _reopening(reopen: AsyncReopen) -> Reopen:
    return lambda storage: opened(lambda: reopen(behind(storage)))


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on the loop and return what it returns."""
    return asyncio.run_coroutine_threadsafe(coroutine, _loop()).result()


async def _awaited(method: Callable[..., Coroutine[Any, Any, T]], *args: object, **kwargs: object) -> T:
    with clause("storage-is-awaited"):
        assert iscoroutinefunction(method), f"{method.__qualname__} is not a coroutine function"
    return await method(*args, **kwargs)


async def _settled(function: Callable[[], Any]) -> Any:
    """Call a function that may be a coroutine function."""
    found = function()
    return await found if isawaitable(found) else found


@cache
def _loop() -> asyncio.AbstractEventLoop:
    runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
    loop = runner.get_loop()
    thread = Thread(target=loop.run_forever, name="cross_auth.testing", daemon=True)
    thread.start()
    atexit.register(_end, runner, thread)
    return loop


def _end(runner: asyncio.Runner, thread: Thread) -> None:
    runner.get_loop().call_soon_threadsafe(runner.get_loop().stop)
    thread.join(timeout=1)
    if not thread.is_alive():  # a storage that blocks the loop would block the end of the tests, too
        runner.close()
