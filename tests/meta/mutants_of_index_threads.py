"""Storages of sets that are right for one thread and wrong for several."""

from threading import Lock, get_ident

from tests.meta.mutants_of_index_keys import ChangesTexts
from tests.meta.mutants_plain import IndexedPlain


class LosesAdds(IndexedPlain):
    """Reads a set, changes a copy and puts it in place of what another thread has added since."""

    def add(self, key: str, member: str, ttl: int, /) -> None:
        copy = dict(self.sets.get(key, {}))
        copy[member] = max(copy.get(member, 0), self.now() + ttl)
        self.sets[key] = copy


class UndoesDiscards(IndexedPlain):
    """Writes a set back with the members that it had when the add began."""

    def add(self, key: str, member: str, ttl: int, /) -> None:
        before = dict(self.sets.get(key, {}))
        super().add(key, member, ttl)
        with self.lock:
            self.sets[key] |= before | {member: self.sets[key][member]}


class ForgetsEmptySets(IndexedPlain):
    """Removes a set that looks empty, and what another thread has just added."""

    def discard(self, key: str, member: str, /) -> None:
        super().discard(key, member)
        if not self.sets.get(key):
            self.sets.pop(key, None)


class LeavesAGapInSets(IndexedPlain):
    """Removes a member before it adds it again."""

    def add(self, key: str, member: str, ttl: int, /) -> None:
        before = self.sets.get(key, {}).get(member, 0)
        self.discard(key, member)
        super().add(key, member, max(ttl, int(before - self.now())))


class EmptiesASetToChangeIt(IndexedPlain):
    """Takes a set away while it removes a member."""

    def discard(self, key: str, member: str, /) -> None:
        with self.lock:
            members = self.sets.pop(key, {})
        members.pop(member, None)
        with self.lock:
            self.sets[key] = members | self.sets.get(key, {})


class KeepsOneThreadsMembers(IndexedPlain):
    """Keeps what the thread that made it adds, and nothing of others."""

    def __init__(self) -> None:
        super().__init__()
        self.owner = get_ident()

    def add(self, key: str, member: str, ttl: int, /) -> None:
        if get_ident() == self.owner:
            super().add(key, member, ttl)


class SetsPerThread(ChangesTexts):
    """Shows each thread its own sets."""

    def kept(self, key: str) -> str:
        return f"{get_ident()} {key}"


class DropsAddsWhenBusy(IndexedPlain):
    """Drops a member that comes while another thread adds."""

    def __init__(self) -> None:
        super().__init__()
        self.busy = Lock()

    def add(self, key: str, member: str, ttl: int, /) -> None:
        if self.busy.acquire(blocking=False):
            try:
                super().add(key, member, ttl)
            finally:
                self.busy.release()


class SharesItsListOfMembers(IndexedPlain):
    """Keeps what it found in one list for all threads, as a connection with one cursor does."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def members(self, key: str, /) -> list[str]:
        self.found.clear()
        self.found += super().members(key)
        return [*self.found]
