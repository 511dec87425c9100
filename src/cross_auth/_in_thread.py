"""A sync storage for asyncio: each call is made in a thread, so that the event loop goes on."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from cross_auth._arguments import WANTED, is_storage
from cross_auth._protocols import AsyncClosableStorage, SecondaryStorage
from cross_auth._refusals import check


def in_thread(storage: SecondaryStorage) -> AsyncClosableStorage:
    """Return the async form of a sync storage, whose calls are made in threads of the event loop.

    A call that is cancelled has ended when it raises: nothing of it is done later.
    ``close`` closes the storage if it can be closed.
    Raises ``pydantic.ValidationError`` for anything but a sync storage.
    """
    if not is_storage(storage):
        check("in_thread", WANTED, storage=storage)
    return _InThread(storage)


class _InThread:
    def __init__(self, storage: SecondaryStorage) -> None:
        self._storage = storage

    async def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        await _call(self._storage.set, key, value, ttl)

    async def get(self, key: str, /) -> str | None:
        value: str | None = await _call(self._storage.get, key)
        return value

    async def delete(self, key: str, /) -> None:
        await _call(self._storage.delete, key)

    async def pop(self, key: str, /) -> str | None:
        value: str | None = await _call(self._storage.pop, key)
        return value

    async def close(self) -> None:
        close = getattr(self._storage, "close", None)
        if callable(close):
            await _call(close)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


async def _call(method: Callable[..., Any], *arguments: object) -> Any:
    """Run a method in a thread, and wait for its end even where the waiting is cancelled."""
    running = asyncio.ensure_future(asyncio.to_thread(method, *arguments))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        if not running.cancelled():
            running.exception()  # looked at, so that asyncio does not report it
        raise
