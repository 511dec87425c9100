"""A storage as a dictionary that can be compared, and the calls of it that wait for their turn."""

from asyncio import CancelledError
from collections import Counter
from collections.abc import Callable, Coroutine, Generator, Hashable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from cross_auth import StorageError


class Model:
    """Keep text with its ttl; nothing expires, since the clock of an exploration stands still."""

    def __init__(self, kept: dict[str, tuple[str, int | None]] | None = None) -> None:
        self.kept = dict(kept or {})

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        self.kept[key] = value, ttl

    def get(self, key: str, /) -> str | None:
        return self.kept.get(key, (None, None))[0]

    def delete(self, key: str, /) -> None:
        self.pop(key)

    def pop(self, key: str, /) -> str | None:
        return self.kept.pop(key, (None, None))[0]

    def state(self) -> Hashable:
        return frozenset(self.kept.items())


@dataclass(frozen=True)
class Call:
    """One call of a storage, which has no effect until it is performed."""

    method: Callable[..., Any]
    arguments: tuple[Any, ...]
    options: dict[str, Any]

    @property
    def name(self) -> str:
        return self.method.__name__

    @property
    def key(self) -> str:
        return str(self.arguments[0])

    def perform(self) -> Any:
        return self.method(*self.arguments, **self.options)

    def __await__(self) -> Generator["Call", Any, Any]:
        return (yield self)


class Suspending:
    """Give every method of a storage the awaited form; each call suspends with itself and is sent its answer."""

    def __init__(self, storage: object) -> None:
        self._storage = storage

    def __getattr__(self, name: str) -> Callable[..., Coroutine[Call, Any, Any]]:
        method = getattr(self._storage, name)

        async def call(*arguments: Any, **options: Any) -> Any:
            return await Call(method, arguments, options)

        return call


class Fault(Enum):
    """What may befall a caller at a call: an error, and whether the call had its effect."""

    NONE = (None, True)
    REFUSED = (StorageError, False)
    LOST = (StorageError, True)
    CANCELLED = (CancelledError, False)
    CANCELLED_LATE = (CancelledError, True)

    def __init__(self, error: type[BaseException] | None, has_effect: bool) -> None:
        self.error = error
        self.has_effect = has_effect


class Ids:
    """Stand in for ``token_urlsafe``: the ids of a caller do not depend on what the others did."""

    def __init__(self) -> None:
        self.caller = ""
        self._made: Counter[str] = Counter()

    def clear(self) -> None:
        """Begin again for every caller."""
        self._made.clear()

    def __call__(self, size: int) -> str:
        self._made[self.caller] += 1
        return self.of(self.caller, self._made[self.caller])

    @staticmethod
    def of(caller: str, number: int = 1) -> str:
        return f"{caller}-{number}-".ljust(43, "x")
