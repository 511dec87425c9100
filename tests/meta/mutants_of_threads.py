"""Storages that are right for one thread and wrong for several."""

from threading import Lock, get_ident, local

from tests.meta.mutants_plain import Plain


class PopIsNotAtomic(Plain):
    """Looks first and removes then."""

    def pop(self, key: str, /) -> str | None:
        value = self.get(key)
        self.delete(key)
        return value


class LosesWrites(Plain):
    """Changes a copy and puts it in place of what another thread has changed since."""

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        copy = Plain()
        copy.entries = dict(self.entries)
        copy.set(key, value, ttl=ttl)
        self.entries = copy.entries


class KeepsOneThreadsWrites(Plain):
    """Keeps what the thread that made it writes, and nothing of others."""

    def __init__(self) -> None:
        super().__init__()
        self.owner = get_ident()

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        if get_ident() == self.owner:
            super().set(key, value, ttl=ttl)


class StatePerThread(local, Plain):
    """Shows each thread its own entries."""


class GivesUpWhenBusy(Plain):
    """Drops a write that comes while another thread writes."""

    def __init__(self) -> None:
        super().__init__()
        self.busy = Lock()

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        if self.busy.acquire(blocking=False):
            try:
                super().set(key, value, ttl=ttl)
            finally:
                self.busy.release()


class LeavesAGap(Plain):
    """Deletes the old value before it sets the new one."""

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        self.delete(key)
        super().set(key, value, ttl=ttl)


class TearsValues(Plain):
    """Writes a value in two halves."""

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        super().set(key, value[: len(value) // 2], ttl=ttl)
        super().set(key, value, ttl=ttl)


class SharesAnAnswer(Plain):
    """Keeps what it found in one place for all threads, as a connection with one cursor does."""

    found: str | None = None

    def get(self, key: str, /) -> str | None:
        self.found = super().get(key)
        return self.answer()

    def answer(self) -> str | None:
        return self.found


class BringsBackDeletes(Plain):
    """Deletes in a copy, which another thread's write replaces with its own."""

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        with self.lock:
            entries = dict(self.entries)
        copy = Plain()
        copy.entries = entries
        copy.set(key, value, ttl=ttl)
        with self.lock:
            self.entries = copy.entries | {k: v for k, v in self.entries.items() if k != key}
