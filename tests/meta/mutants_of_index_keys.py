"""Storages that take one set, or one member, for another."""

from hashlib import sha256

from tests.meta.mutants_plain import IndexedPlain


class ChangesTexts(IndexedPlain):
    """Keeps keys of sets or members in another form."""

    def kept(self, key: str) -> str:
        return key

    def kept_member(self, member: str) -> str:
        return member

    def add(self, key: str, member: str, ttl: int, /) -> None:
        super().add(self.kept(key), self.kept_member(member), ttl)

    def members(self, key: str, /) -> list[str]:
        return super().members(self.kept(key))

    def discard(self, key: str, member: str, /) -> None:
        super().discard(self.kept(key), self.kept_member(member))


class FoldsMembers(ChangesTexts):
    """Takes members that differ in letter case for one member."""

    def kept_member(self, member: str) -> str:
        return member.lower()


class ComparesMembersFolded(IndexedPlain):
    """Keeps members as they are and finds them in any letter case, as MySQL does by default."""

    def add(self, key: str, member: str, ttl: int, /) -> None:
        same = [each for each in self.sets.get(key, {}) if each.lower() == member.lower()]
        super().add(key, same[0] if same else member, ttl)

    def discard(self, key: str, member: str, /) -> None:
        for each in [each for each in self.sets.get(key, {}) if each.lower() == member.lower()]:
            super().discard(key, each)


class StripsMembers(ChangesTexts):
    """Trims members."""

    def kept_member(self, member: str) -> str:
        return member.strip()


class TruncatesMembersAt64(ChangesTexts):
    """Cuts members at 64 characters, which handles have."""

    def kept_member(self, member: str) -> str:
        return member[:64]


class TruncatesMembersAt127(ChangesTexts):
    """Cuts members at 127 characters."""

    def kept_member(self, member: str) -> str:
        return member[:127]


class FoldsKeysOfSets(ChangesTexts):
    """Takes keys that differ in letter case for one key."""

    def kept(self, key: str) -> str:
        return key.lower()


class StripsKeysOfSets(ChangesTexts):
    """Trims keys."""

    def kept(self, key: str) -> str:
        return key.strip()


class DropsThePrefix(ChangesTexts):
    """Keeps what stands behind the first colon of a key."""

    def kept(self, key: str) -> str:
        return key.partition(":")[2] or key


class HashesKeysToTwoDigits(ChangesTexts):
    """Keeps the first digits of a hash of a key."""

    def kept(self, key: str) -> str:
        return sha256(key.encode()).hexdigest()[:2]


class SplitsAtColons(IndexedPlain):
    """Keeps a key and a member as one text, and parts them at the last colon."""

    def add(self, key: str, member: str, ttl: int, /) -> None:
        key, _, member = f"{key}:{member}".rpartition(":")
        super().add(key, member, ttl)

    def discard(self, key: str, member: str, /) -> None:
        key, _, member = f"{key}:{member}".rpartition(":")
        super().discard(key, member)


class FindsMembersByPrefix(IndexedPlain):
    """Keeps a key and a member as one text, and finds members by what it begins with."""

    def members(self, key: str, /) -> list[str]:
        live = [
            f"{each}:{member}" for each in [*self.sets] for member in super(FindsMembersByPrefix, self).members(each)
        ]
        return [text.removeprefix(f"{key}:") for text in live if text.startswith(f"{key}:")]
