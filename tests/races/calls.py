"""The calls of a storage: each waits for its turn, and may fail."""

from asyncio import CancelledError
from collections.abc import Generator
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any, Literal

from cross_auth import StorageError
from tests.races.ids import Ids

_READS = frozenset({"get", "members"})


@dataclass(frozen=True)
class Call:
    """One call of a storage, which has no effect until it is performed."""

    name: str
    arguments: tuple[Any, ...]
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return str(self.arguments[0])

    @cached_property
    def has_id(self) -> bool:
        return any(Ids.MARK in str(argument) for argument in self.arguments)

    @property
    def writes(self) -> bool:
        return self.name not in _READS

    def perform(self, storage: object) -> Any:
        return getattr(storage, self.name)(*self.arguments, **self.options)

    def __await__(self) -> Generator["Call", Any, Any]:
        return (yield self)


class Suspending:
    """An async storage of the four methods; each call suspends with itself and is sent its answer."""

    async def set(self, key: str, value: str, /, ttl: int | None = None) -> Any:
        return await Call("set", (key, value), {"ttl": ttl})

    async def get(self, key: str, /) -> Any:
        return await Call("get", (key,))

    async def delete(self, key: str, /) -> Any:
        return await Call("delete", (key,))

    async def pop(self, key: str, /) -> Any:
        return await Call("pop", (key,))


class SuspendingIndex(Suspending):
    """The same with the three methods of an index."""

    async def add(self, key: str, member: str, ttl: int, /) -> Any:
        return await Call("add", (key, member, ttl))

    async def members(self, key: str, /) -> Any:
        return await Call("members", (key,))

    async def discard(self, key: str, member: str, /) -> Any:
        return await Call("discard", (key, member))


class Killed(BaseException):
    """The process of a caller ended, so that nothing of it runs any more."""


class Fault(Enum):
    """What may befall a caller at a call: an error, and when the call has its effect."""

    NONE = (None, "now")
    REFUSED = (StorageError, "never")
    LOST = (StorageError, "now")
    OVERDUE = (StorageError, "later")
    CANCELLED = (CancelledError, "never")
    CANCELLED_LATE = (CancelledError, "now")
    KILLED = (Killed, "now")

    def __init__(self, error: type[BaseException] | None, effect: Literal["now", "later", "never"]) -> None:
        self.error = error
        self.effect = effect


@dataclass(frozen=True)
class Made:
    """One call of a run: who made it, and how it went."""

    caller: int
    call: Call
    fault: Fault

    def __str__(self) -> str:
        return self.call.name if self.fault is Fault.NONE else f"{self.call.name} ({self.fault.name})"
