"""How much memory of its process a session takes: as Python counts it, and as the machine does."""

import gc
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from statistics import median

from benchmarks.bench import Bench
from benchmarks.memory_of_a_session import WithoutIndex, resident_bytes
from benchmarks.written import Shape, write
from cross_auth.storage.memory import MemoryStorage

AT_ONCE = 1000  # ids that are held beside the sessions


def in_memory(bench: Bench, shape: Shape, count: int) -> dict[str, float]:
    # A process for each, so that none is given memory that another has freed; and of the machine's count
    # the median of a few, for the allocator may keep a table that the dictionary has outgrown.
    processes_of = get_context("forkserver")
    processes_of.set_forkserver_preload([__name__])  # once for all
    with ProcessPoolExecutor(1, processes_of, max_tasks_per_child=1) as processes:
        resident = [processes.submit(_grown, resident_bytes, shape, count).result() for _ in range(bench.rounds(3, 1))]
        return {"tracemalloc": processes.submit(_traced, shape, count).result(), "resident": median(resident)}


def _traced(shape: Shape, count: int) -> float:
    tracemalloc.start()
    return _grown(lambda: tracemalloc.get_traced_memory()[0], shape, count)


def _grown(measure: Callable[[], int], shape: Shape, count: int) -> float:
    storage = MemoryStorage()
    seen = storage if shape.of_one_user else WithoutIndex(storage)
    write(range(-1, 0), seen, shape)  # what the first call alone allocates
    gc.collect()
    before = measure()
    for start in range(0, count, AT_ONCE):
        write(range(start, min(count, start + AT_ONCE)), seen, shape)
    gc.collect()
    return (measure() - before) / count
