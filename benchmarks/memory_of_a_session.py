"""How much memory a session takes in a ``MemoryStorage``, and how soon it is given up once sessions have expired.

Run ``python -m benchmarks.memory_of_a_session``, on Linux; it takes some five minutes.
"""

import argparse
import gc
import os
import platform
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import perf_counter_ns, sleep

from cross_auth import create_session
from cross_auth.storage.memory import MemoryStorage

SESSIONS = (0, 1, 10)  # of a user; none is no index


def resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


class WithoutIndex:
    """Stand before a storage and hide its index."""

    def __init__(self, storage: MemoryStorage) -> None:
        self.set, self.get, self.delete, self.pop = storage.set, storage.get, storage.delete, storage.pop


def fill(storage: MemoryStorage, count: int, max_age: int) -> int:
    """Create so many sessions and return how many there were at most at a time."""
    most = 0
    for number in range(count):
        create_session(f"user-{number}", storage, max_age)
        most = max(most, len(storage._entries))
    return most


def size(count: int, sessions: int) -> str:
    """Create sessions, so many for each user; with none for a user, over a storage without an index."""
    storage = MemoryStorage()
    seen = storage if sessions else WithoutIndex(storage)
    create_session("somebody", seen)  # what the first call alone allocates
    gc.collect()
    before = resident_bytes()
    users = count // max(1, sessions)
    for number in range(count):
        create_session(f"user-{number % users}", seen)
    gc.collect()
    entry = f"with an index entry, {sessions} for each user" if sessions else "without an index entry"
    return f"{count} sessions {entry}: {(resident_bytes() - before) / count:.0f} bytes a session"


def expiry(count: int, max_age: int) -> str:
    """Let sessions expire and write until they are gone."""
    storage = MemoryStorage()
    most = fill(storage, count, max_age)
    sleep(max_age + 0.1)
    expired = len(storage._entries)
    spent: list[int] = []
    while len(storage._entries) > len(spent):
        start = perf_counter_ns()
        create_session("user", storage)
        spent.append(perf_counter_ns() - start)
    return (
        f"{count} sessions of {max_age} s: at most {most} at a time, {expired} expired ones left at the end;"
        f" gone after {len(spent)} writes, the median {median(spent) / 1e3:.0f} µs,"
        f" the slowest {max(spent) / 1e3:.0f} µs"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000, help="how many sessions (default: a million)")
    count = parser.parse_args().count
    print(f"python {platform.python_version()}, {platform.platform()}")
    # A process for each, so that none is given memory that another has freed.
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as processes:
        for sessions in SESSIONS * 3:  # the allocator may keep a table that the dictionary has outgrown
            print(processes.submit(size, count, sessions).result(), flush=True)
        for max_age in (1, 60):
            print(processes.submit(expiry, count, max_age).result(), flush=True)


if __name__ == "__main__":
    main()
