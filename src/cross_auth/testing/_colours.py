"""What the session machine needs in both colours: the functions, and a storage that notes what reaches it."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from cross_auth import SessionData
from cross_auth._protocols import AsyncSecondaryStorage, SecondaryStorage
from cross_auth.testing._on_loop import run

T = TypeVar("T")
P = ParamSpec("P")


class Recording:
    """Pass every call on, and keep what reached the storage."""

    def __init__(self, storage: SecondaryStorage, seen: list[str]) -> None:
        self._storage = storage
        self._seen = seen

    def set(self, key: str, value: str, /, ttl: int | None = None) -> object:
        self._seen += [key, value]
        return self._storage.set(key, value, ttl=ttl)

    def get(self, key: str, /) -> str | None:
        self._seen.append(key)
        return self._storage.get(key)

    def delete(self, key: str, /) -> object:
        self._seen.append(key)
        return self._storage.delete(key)

    def pop(self, key: str, /) -> str | None:
        self._seen.append(key)
        return self._storage.pop(key)


class AsyncRecording:
    """The same for an async storage."""

    def __init__(self, storage: AsyncSecondaryStorage, seen: list[str]) -> None:
        self._storage = storage
        self._seen = seen

    async def set(self, key: str, value: str, /, ttl: int | None = None) -> object:
        self._seen += [key, value]
        return await self._storage.set(key, value, ttl=ttl)

    async def get(self, key: str, /) -> str | None:
        self._seen.append(key)
        return await self._storage.get(key)

    async def delete(self, key: str, /) -> object:
        self._seen.append(key)
        return await self._storage.delete(key)

    async def pop(self, key: str, /) -> str | None:
        self._seen.append(key)
        return await self._storage.pop(key)


@dataclass(frozen=True)
class Functions:
    """The session functions of one colour, called from sync code."""

    create: Callable[[str, Any, int], tuple[str, SessionData]]
    get: Callable[[str, Any], SessionData | None]
    delete: Callable[[str, Any], None]


def on_loop(function: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, T]:
    return lambda *args, **kwargs: run(function(*args, **kwargs))
