"""Storages around and in place of real ones, to watch calls and to fail."""

from typing import Any

from cross_auth import IndexedStorage, SecondaryStorage
from cross_auth.testing._index import has_index


class Recorder:
    """Pass every call on to a real storage and keep its arguments; ``keep_ttl=False`` drops the ttl."""

    def __init__(self, storage: SecondaryStorage, *, keep_ttl: bool = True) -> None:
        self.storage = storage
        self.keep_ttl = keep_ttl
        self.calls: list[tuple[str, ...]] = []
        self.ttls: list[int | None] = []

    def set(self, key: str, value: str, /, ttl: int | None = None) -> object:
        self.calls.append(("set", key, value))
        self.ttls.append(ttl)
        return self.storage.set(key, value, ttl=ttl if self.keep_ttl else None)

    def get(self, key: str, /) -> str | None:
        self.calls.append(("get", key))
        return self.storage.get(key)

    def delete(self, key: str, /) -> object:
        self.calls.append(("delete", key))
        return self.storage.delete(key)

    def pop(self, key: str, /) -> str | None:
        self.calls.append(("pop", key))
        return self.storage.pop(key)


class IndexRecorder(Recorder):
    """And those of a storage that keeps sets."""

    storage: IndexedStorage

    def add(self, key: str, member: str, ttl: int, /) -> object:
        self.calls.append(("add", key, member))
        self.ttls.append(ttl)
        return self.storage.add(key, member, ttl)

    def members(self, key: str, /) -> list[str]:
        self.calls.append(("members", key))
        return self.storage.members(key)

    def discard(self, key: str, member: str, /) -> object:
        self.calls.append(("discard", key, member))
        return self.storage.discard(key, member)


def recorder(storage: SecondaryStorage) -> Recorder:
    """Return a recorder that keeps sets if the storage does; a plain one hides them."""
    return IndexRecorder(storage) if has_index(storage) else Recorder(storage)


class FailingStorage:
    """Raise at every call, as a server that is down does."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def set(self, key: str, value: str, /, ttl: int | None = None) -> Any:
        raise self.error

    def get(self, key: str, /) -> str | None:
        raise self.error

    def delete(self, key: str, /) -> Any:
        raise self.error

    def pop(self, key: str, /) -> str | None:
        raise self.error


class FailingIndex(FailingStorage):
    """And keep sets, or would."""

    def add(self, key: str, member: str, ttl: int, /) -> Any:
        raise self.error

    def members(self, key: str, /) -> list[str]:
        raise self.error

    def discard(self, key: str, member: str, /) -> Any:
        raise self.error
