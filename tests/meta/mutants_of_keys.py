"""Storages that take one key for another."""

from tests.meta.mutants_plain import Plain


class ChangesKeys(Plain):
    """Keeps keys in another form."""

    def kept(self, key: str) -> str:
        raise NotImplementedError

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        super().set(self.kept(key), value, ttl=ttl)

    def get(self, key: str, /) -> str | None:
        return super().get(self.kept(key))

    def delete(self, key: str, /) -> None:
        super().delete(self.kept(key))

    def pop(self, key: str, /) -> str | None:
        return super().pop(self.kept(key))


class FoldsKeys(ChangesKeys):
    """Takes keys that differ in letter case for one key."""

    def kept(self, key: str) -> str:
        return key.lower()


class StripsKeys(ChangesKeys):
    """Trims keys."""

    def kept(self, key: str) -> str:
        return key.strip()


class PadsKeys(ChangesKeys):
    """Ignores spaces at the end, as a column of type CHAR does."""

    def kept(self, key: str) -> str:
        return key.rstrip(" ")


class TruncatesKeysAt64(ChangesKeys):
    """Cuts keys at 64 characters."""

    def kept(self, key: str) -> str:
        return key[:64]


class TruncatesKeysAt127(ChangesKeys):
    """Cuts keys at 127 characters."""

    def kept(self, key: str) -> str:
        return key[:127]


class KeysAreFileNames(ChangesKeys):
    """Replaces what a file's name may not hold."""

    def kept(self, key: str) -> str:
        return "".join("_" if character in '<>:"/\\|?*% ' else character for character in key)
