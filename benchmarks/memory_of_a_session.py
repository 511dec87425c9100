"""How much memory a session takes in a ``MemoryStorage``, and how soon it is given up once sessions have expired.

Run ``python -m benchmarks.memory_of_a_session``, on Linux; it takes some two minutes.
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


def resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def fill(storage: MemoryStorage, count: int, max_age: int) -> int:
    """Create so many sessions and return how many there were at most at a time."""
    most = 0
    for number in range(count):
        create_session(f"user-{number}", storage, max_age)
        most = max(most, len(storage._entries))
    return most


def size(count: int) -> str:
    storage = MemoryStorage()
    fill(storage, 1, 86400)  # what the first call alone allocates
    gc.collect()
    before = resident_bytes()
    fill(storage, count, 86400)
    gc.collect()
    return f"{count} sessions: {(resident_bytes() - before) / count:.0f} bytes a session"


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
        for _ in range(3):  # the allocator may keep a table that the dictionary has outgrown
            print(processes.submit(size, count).result(), flush=True)
        for max_age in (1, 60):
            print(processes.submit(expiry, count, max_age).result(), flush=True)


if __name__ == "__main__":
    main()
