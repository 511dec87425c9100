"""How much memory this process has, and a storage without the index, which is part of what a session takes."""

import os
from pathlib import Path

from cross_auth.storage.memory import MemoryStorage


def resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


class WithoutIndex:
    """Stand before a storage and hide its index."""

    def __init__(self, storage: MemoryStorage) -> None:
        self.set, self.get, self.delete, self.pop = storage.set, storage.get, storage.delete, storage.pop
