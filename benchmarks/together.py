"""The same operation by many threads at a time."""

import gc
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import perf_counter_ns

from benchmarks.sides import Side


def nanoseconds(side: Side, operation: str, arguments: list[str], threads: int) -> float:
    """Return how long all threads together took for one operation, each with a share of the arguments."""
    start = Barrier(threads)
    probe = arguments[0] if operation == "get" else "0" * 43

    def work(share: list[str]) -> tuple[int, int]:
        with side.open() as store:
            found = side.operations["get"](probe, store)  # which opens a connection before the time counts
            assert (found is not None) == (operation == "get")
            operate = side.operations[operation]
            start.wait(60)
            begin = perf_counter_ns()
            for argument in share:
                operate(argument, store)
            return begin, perf_counter_ns()

    gc.disable()
    with ThreadPoolExecutor(threads) as executor:
        times = list(executor.map(work, [arguments[number::threads] for number in range(threads)]))
    gc.enable()
    return (max(end for _, end in times) - min(begin for begin, _ in times)) / len(arguments)
