"""Storages that break the contract, one mistake each."""

from time import time

from cross_auth.storage.memory import MemoryStorage


class IgnoresTtl(MemoryStorage):
    """Keeps every key for ever."""

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        super().set(key, value)


class TtlOneTooLong(MemoryStorage):
    """Keeps a key a second longer than it was told."""

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        super().set(key, value, ttl=None if ttl is None else ttl + 1)


class KeepsTheFirstTtl(MemoryStorage):
    """Replaces the value and not the ttl."""

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        entry = self._entries.get(key)
        if entry is not None and time() < entry:
            entry.value = value
        else:
            super().set(key, value, ttl=ttl)


class FoldsKeys(MemoryStorage):
    """Takes keys that differ in letter case for one key."""

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        super().set(key.lower(), value, ttl=ttl)

    def get(self, key: str, /) -> str | None:
        return super().get(key.lower())

    def pop(self, key: str, /) -> str | None:
        return super().pop(key.lower())


class StripsValues(MemoryStorage):
    """Trims what it stores."""

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        super().set(key, value.strip(), ttl=ttl)


class KeepsTheFirstValue(MemoryStorage):
    """Does not overwrite."""

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        if self.get(key) is None:
            super().set(key, value, ttl=ttl)


class PopKeeps(MemoryStorage):
    """Returns the value and leaves the key."""

    def pop(self, key: str, /) -> str | None:
        return self.get(key)

    def delete(self, key: str, /) -> None:
        super().pop(key)


class DeleteDoesNothing(MemoryStorage):
    """Swallows the delete."""

    def delete(self, key: str, /) -> None:
        return None


class GetDeletes(MemoryStorage):
    """Hands a value out once."""

    def get(self, key: str, /) -> str | None:
        return self.pop(key)


class DeleteRaises(MemoryStorage):
    """Raises where there is nothing to delete."""

    def delete(self, key: str, /) -> None:
        if self.pop(key) is None:
            raise RuntimeError("no such key")


class EvictsTheOldest(MemoryStorage):
    """Holds two keys at most."""

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        super().set(key, value, ttl=ttl)
        for oldest in list(self._entries)[:-2]:
            self.delete(oldest)


class PopIsNotAtomic(MemoryStorage):
    """Looks first and removes then."""

    def pop(self, key: str, /) -> str | None:
        value = self.get(key)
        self.delete(key)
        return value

    def delete(self, key: str, /) -> None:
        super().pop(key)


class LosesWrites(MemoryStorage):
    """Changes a copy and puts it in place of what another thread has changed since."""

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        copy = MemoryStorage()
        copy._entries = dict(self._entries)
        copy.set(key, value, ttl=ttl)
        self._entries = copy._entries


class SharesItsEntries(MemoryStorage):
    """Every instance holds what any instance was given."""

    shared = MemoryStorage()

    def __init__(self) -> None:
        self.__dict__ = self.shared.__dict__


OF_ONE_THREAD = [
    IgnoresTtl,
    TtlOneTooLong,
    KeepsTheFirstTtl,
    FoldsKeys,
    StripsValues,
    KeepsTheFirstValue,
    PopKeeps,
    DeleteDoesNothing,
    GetDeletes,
    DeleteRaises,
    EvictsTheOldest,
]
MUTANTS = [*OF_ONE_THREAD, PopIsNotAtomic, LosesWrites, SharesItsEntries]
