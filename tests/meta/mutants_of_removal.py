"""Storages that are wrong about removing a key, on one thread already."""

from fnmatch import fnmatchcase

from tests.meta.mutants_plain import Plain


class DeleteDoesNothing(Plain):
    """Swallows the delete."""

    def delete(self, key: str, /) -> None:
        return None


class DeleteRaises(Plain):
    """Raises where there is nothing to delete."""

    def delete(self, key: str, /) -> None:
        del self.entries[key]


class DeletesByPrefix(Plain):
    """Deletes every key that begins with the key."""

    def delete(self, key: str, /) -> None:
        for each in [each for each in self.entries if each.startswith(key)]:
            super().delete(each)


class DeletesByPattern(Plain):
    """Takes the key for a pattern."""

    def delete(self, key: str, /) -> None:
        for each in [each for each in self.entries if fnmatchcase(each, key.replace("%", "*"))]:
            super().delete(each)


class DeletesForGood(Plain):
    """Leaves a tombstone that a later set does not lift."""

    def __init__(self) -> None:
        super().__init__()
        self.tombs: set[str] = set()

    def delete(self, key: str, /) -> None:
        super().delete(key)
        self.tombs.add(key)

    def get(self, key: str, /) -> str | None:
        return None if key in self.tombs else super().get(key)


class DeleteIsUndone(Plain):
    """Writes behind: the write that was on its way when its key was deleted arrives with the next one."""

    def __init__(self) -> None:
        super().__init__()
        self.late: tuple[str, str, int | None] | None = None

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        if self.late is not None:
            super().set(*self.late[:2], ttl=self.late[2])
        self.late = key, value, ttl
        super().set(key, value, ttl=ttl)


class PopKeeps(Plain):
    """Returns the value and leaves the key."""

    def pop(self, key: str, /) -> str | None:
        return self.get(key)


class PopForgetsItsAnswer(Plain):
    """A wrapper that calls pop and does not return what it returned."""

    def pop(self, key: str, /) -> str | None:
        super().pop(key)
        return None


class PopAnswersTwice(Plain):
    """Keeps answers for those who ask again, as a client that retries does."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: dict[str, str | None] = {}

    def pop(self, key: str, /) -> str | None:
        if key in self.entries or key not in self.answers:
            self.answers[key] = super().pop(key)
        return self.answers[key]


class GetDeletes(Plain):
    """Hands a value out once."""

    def get(self, key: str, /) -> str | None:
        return self.pop(key)
