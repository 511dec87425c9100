"""The contract between sessions and whatever stores them."""

from abc import abstractmethod
from types import TracebackType
from typing import Protocol, Self


class StorageError(Exception):
    """Report that a storage could not do what it was asked.

    An outage, a full disk, a corrupt file: never "no such session".
    The exception of the client library is its ``__cause__``.
    Neither holds a session id, a key, a value or a password.
    """


class RequestHeaders(Protocol):
    """Give the value of a request's header by its name, in any letter case."""

    @abstractmethod
    def get(self, name: str, /) -> str | None:
        """Return the value of a header, or ``None`` where the request has none of that name."""


class SecondaryStorage(Protocol):
    """Keep text under a key for a limited time, for many callers at once.

    Keys are 1 to 128 printable ASCII characters and are compared byte by byte.
    Values are text without NUL or lone surrogates, of 1 MiB or less.
    A live key is never evicted, and a write that returned is not forgotten.
    A storage that cannot do what it is asked raises; it never answers ``None`` instead.
    Parameters are positional-only, so a storage may name them as it likes.
    """

    @abstractmethod
    def set(self, key: str, value: str, /, ttl: int | None = None) -> object:
        """Store a value under a key, in place of any value and ttl that the key had.

        ``ttl`` is in whole seconds, 1 or more; once it has passed the key is gone.
        ``None`` keeps the key until it is deleted.
        What is returned is ignored.
        """

    @abstractmethod
    def get(self, key: str, /) -> str | None:
        """Return the value of a key, or ``None`` where there is no live key."""

    @abstractmethod
    def delete(self, key: str, /) -> object:
        """Remove a key, or do nothing where there is no such key.

        What is returned is ignored.
        """

    @abstractmethod
    def pop(self, key: str, /) -> str | None:
        """Remove a key and return the value that it had, as one atomic step.

        Of any number of concurrent callers at most one gets the value, and exactly one if no call fails.
        The client library must not retry the call: a repeat of a call that won would lose its own win.
        """


class IndexedStorage(SecondaryStorage, Protocol):
    """Keep sets of text beside the values, whose members expire one by one.

    The sessions of a user are such a set.
    Keys and members are 1 to 128 printable ASCII characters and are compared byte by byte.
    A key has a value or a set, never both.
    Every call is one atomic step, and expiry is by the storage's own clock where it has one.
    """

    @abstractmethod
    def add(self, key: str, member: str, ttl: int, /) -> object:
        """Put a member into the set of a key, for ``ttl`` whole seconds, 1 or more.

        A member that is there and has longer to live keeps that, and so does every other member.
        What is returned is ignored.
        """

    @abstractmethod
    def members(self, key: str, /) -> list[str]:
        """Return the live members of the set of a key, each once and in any order; none is an empty list."""

    @abstractmethod
    def discard(self, key: str, member: str, /) -> object:
        """Remove a member from the set of a key, or do nothing where there is no such member.

        What is returned is ignored.
        """


class AsyncSecondaryStorage(Protocol):
    """Keep text under a key for a limited time, for many callers at once.

    The contract of ``SecondaryStorage``, awaited: each method is a coroutine function.
    A call that is cancelled may or may not have been done; it leaves the storage in order,
    and its answer is never given to another call.
    """

    @abstractmethod
    async def set(self, key: str, value: str, /, ttl: int | None = None) -> object:
        """Store a value under a key, in place of any value and ttl that the key had."""

    @abstractmethod
    async def get(self, key: str, /) -> str | None:
        """Return the value of a key, or ``None`` where there is no live key."""

    @abstractmethod
    async def delete(self, key: str, /) -> object:
        """Remove a key, or do nothing where there is no such key."""

    @abstractmethod
    async def pop(self, key: str, /) -> str | None:
        """Remove a key and return the value that it had, as one atomic step."""


class AsyncIndexedStorage(AsyncSecondaryStorage, Protocol):
    """Keep sets of text beside the values, whose members expire one by one.

    The contract of ``IndexedStorage``, awaited.
    """

    @abstractmethod
    async def add(self, key: str, member: str, ttl: int, /) -> object:
        """Put a member into the set of a key, for ``ttl`` whole seconds, 1 or more."""

    @abstractmethod
    async def members(self, key: str, /) -> list[str]:
        """Return the live members of the set of a key, each once and in any order; none is an empty list."""

    @abstractmethod
    async def discard(self, key: str, member: str, /) -> object:
        """Remove a member from the set of a key, or do nothing where there is no such member."""


class ClosableStorage(IndexedStorage, Protocol):
    """Keep text and sets as a storage does, until it is closed."""

    @abstractmethod
    def close(self) -> None:
        """End what the storage holds open."""

    @abstractmethod
    def __enter__(self) -> Self: ...

    @abstractmethod
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class AsyncClosableStorage(AsyncIndexedStorage, Protocol):
    """Keep text and sets as a storage does, until it is closed."""

    @abstractmethod
    async def close(self) -> None:
        """End what the storage holds open."""

    @abstractmethod
    async def __aenter__(self) -> Self: ...

    @abstractmethod
    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
