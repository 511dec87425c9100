"""A storage that notes what reaches it, in both colours."""

from cross_auth._protocols import AsyncIndexedStorage, AsyncSecondaryStorage, IndexedStorage, SecondaryStorage
from cross_auth.testing._index import has_async_index, has_index


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


class RecordingIndex(Recording):
    """And of a storage that keeps sets."""

    _storage: IndexedStorage

    def add(self, key: str, member: str, ttl: int, /) -> object:
        self._seen += [key, member]
        return self._storage.add(key, member, ttl)

    def members(self, key: str, /) -> list[str]:
        found = self._storage.members(key)
        self._seen += [key, *found]
        return found

    def discard(self, key: str, member: str, /) -> object:
        self._seen += [key, member]
        return self._storage.discard(key, member)


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


class AsyncRecordingIndex(AsyncRecording):
    """And of an async storage that keeps sets."""

    _storage: AsyncIndexedStorage

    async def add(self, key: str, member: str, ttl: int, /) -> object:
        self._seen += [key, member]
        return await self._storage.add(key, member, ttl)

    async def members(self, key: str, /) -> list[str]:
        found = await self._storage.members(key)
        self._seen += [key, *found]
        return found

    async def discard(self, key: str, member: str, /) -> object:
        self._seen += [key, member]
        return await self._storage.discard(key, member)


def recording(storage: SecondaryStorage, seen: list[str]) -> Recording:
    """Return what notes the calls of a storage and keeps sets if the storage does."""
    return RecordingIndex(storage, seen) if has_index(storage) else Recording(storage, seen)


def async_recording(storage: AsyncSecondaryStorage, seen: list[str]) -> AsyncRecording:
    """Return the same for an async storage."""
    return AsyncRecordingIndex(storage, seen) if has_async_index(storage) else AsyncRecording(storage, seen)
