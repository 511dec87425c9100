"""A sync storage for asyncio: each call is made in a thread, so that the event loop goes on."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, overload

from cross_auth._arguments import WANTED
from cross_auth._protocols import AsyncClosableStorage, AsyncSecondaryStorage, IndexedStorage, SecondaryStorage
from cross_auth._refusals import check
from cross_auth._storage_kinds import done, is_indexed, is_storage
from cross_auth._to_the_end import to_the_end


@overload
def in_thread(storage: IndexedStorage) -> AsyncClosableStorage: ...
@overload
def in_thread(storage: SecondaryStorage) -> AsyncSecondaryStorage: ...
def in_thread(storage: SecondaryStorage) -> AsyncSecondaryStorage:
    """Return the async form of a sync storage, whose calls are made in threads of the event loop.

    It has ``add``, ``members`` and ``discard`` if the storage has all three.
    A call that is cancelled has ended when it raises: nothing of it is done later.
    ``close`` closes the storage if it can be closed.
    Raises ``pydantic.ValidationError`` for anything but a sync storage.
    """
    if not is_storage(storage):
        check("in_thread", WANTED, storage=storage)
    return _InThread(storage) if is_indexed(storage) else _ValuesInThread(storage)


class _ValuesInThread:
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


class _InThread(_ValuesInThread):
    def __init__(self, storage: IndexedStorage) -> None:
        super().__init__(storage)
        self._sets = storage

    async def add(self, key: str, member: str, ttl: int, /) -> None:
        await _call(self._sets.add, key, member, ttl)

    async def members(self, key: str, /) -> list[str]:
        members: list[str] = await _call(self._sets.members, key)
        return members

    async def discard(self, key: str, member: str, /) -> None:
        await _call(self._sets.discard, key, member)


async def _call(method: Callable[..., Any], *arguments: object) -> Any:
    return done(await to_the_end(asyncio.to_thread(method, *arguments)))
