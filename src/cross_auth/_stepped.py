"""Step an operation over a sync storage: it never suspends, so one step is all of it."""

from collections.abc import Coroutine
from typing import Any, TypeVar

from cross_auth._protocols import AsyncSecondaryStorage, IndexedStorage, SecondaryStorage
from cross_auth._storage_kinds import done, is_indexed

T = TypeVar("T")


def run(operation: Coroutine[Any, Any, T]) -> T:
    try:
        operation.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    raise RuntimeError("the operation suspended over a sync storage")


def awaitable(storage: SecondaryStorage) -> AsyncSecondaryStorage:
    """Give a sync storage the async form that the operations call, with its index where it has one."""
    return AwaitableIndex(storage) if is_indexed(storage) else Awaitable(storage)


class Awaitable:
    __slots__ = ("_storage",)

    def __init__(self, storage: SecondaryStorage) -> None:
        self._storage = storage

    async def set(self, key: str, value: str, /, ttl: int | None = None) -> object:
        return done(self._storage.set(key, value, ttl=ttl))

    async def get(self, key: str, /) -> str | None:
        return self._storage.get(key)

    async def delete(self, key: str, /) -> object:
        return done(self._storage.delete(key))

    async def pop(self, key: str, /) -> str | None:
        return done(self._storage.pop(key))


class AwaitableIndex(Awaitable):
    __slots__ = ()
    _storage: IndexedStorage

    def __init__(self, storage: IndexedStorage) -> None:
        self._storage = storage

    async def add(self, key: str, member: str, ttl: int, /) -> object:
        return done(self._storage.add(key, member, ttl))

    async def members(self, key: str, /) -> list[str]:
        return done(self._storage.members(key))

    async def discard(self, key: str, member: str, /) -> object:
        return done(self._storage.discard(key, member))
