"""How many operations a second many threads do, beside as many threads that do the same work by hand.

Run ``python -m benchmarks.threads``; the shorter ``--quick`` is for a first look.
"""

import argparse
import gc
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier
from time import perf_counter_ns

from benchmarks.backends import BACKENDS, available
from benchmarks.rounds import compare
from benchmarks.servers import SETTINGS, Servers
from benchmarks.sides import Pair, Side, user_ids
from benchmarks.versions import head, versions

THREADS = (1, 4, 16)
OPERATIONS = ("get", "create")
BLOCK = 0.2e9  # nanoseconds that one side works before it is the other's turn: each of 16 threads gets its turns
MEASURED = ("memory", "SQLite FULL", "Redis TCP", "PostgreSQL TCP", "SQLAlchemy PostgreSQL", "SQLAlchemy MariaDB")


@dataclass(frozen=True)
class Throughput:
    """Hold operations a second, and how many times the floor's the library's are, round by round."""

    storage: str
    operation: str
    threads: int
    library: float
    floor: float
    ratio: float


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


def measure(name: str, pair: Pair, rounds: int) -> Iterator[Throughput]:
    for operation in OPERATIONS:
        for threads in THREADS:
            once = _turn(pair.floor, operation, threads, 16 * threads)(0)
            count = max(threads, int(BLOCK / once) // threads * threads)
            library, floor = (_turn(side, operation, threads, count) for side in (pair.library, pair.floor))
            found = compare(library, floor, rounds, count)
            speeds = 1e9 / found.library.median, 1e9 / found.floor.median, 1 / found.ratio.median
            yield Throughput(name, operation, threads, *speeds)


def _turn(side: Side, operation: str, threads: int, count: int) -> Callable[[int], float]:
    """Return what is timed in every round; a read consumes nothing, so that all rounds read the same sessions."""
    arguments = side.fill(count) if operation == "get" else user_ids(count)
    return lambda _: nanoseconds(side, operation, arguments, threads)


HEAD = f"{'storage':<24}{'operation':<10}{'threads':>8}{'library/s':>12}{'floor/s':>12}{'library/floor':>15}"


def line(found: Throughput) -> str:
    return (
        f"{found.storage:<24}{found.operation:<10}{found.threads:>8}{found.library:>12,.0f}{found.floor:>12,.0f}"
        f"{found.ratio:>15.2f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", nargs="?", default="/var/tmp", help="where the SQLite files go, on a real disk")
    parser.add_argument("--only", default="", metavar="NAME", help="measure storages with this in their name")
    parser.add_argument("--quick", action="store_true", help="do 3 rounds, not 9")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there, too")
    arguments = parser.parse_args()
    rounds = 3 if arguments.quick else 9
    print(f"{head()}, {rounds} rounds\n{SETTINGS}\n{HEAD}", flush=True)
    results = []
    with TemporaryDirectory(dir=arguments.folder, prefix="cross-auth-") as folder, ExitStack() as stack:
        servers = Servers(stack)
        for name, backend in available({name: BACKENDS[name] for name in MEASURED}, arguments.only):
            with backend.open(Path(folder), servers) as pair:
                for found in measure(name, pair, rounds):
                    print(line(found), flush=True)
                    results.append(asdict(found))
    if arguments.json:
        text = json.dumps({"versions": versions(), "rounds": rounds, "results": results}, indent=2)
        arguments.json.write_text(f"{text}\n")


if __name__ == "__main__":
    main()
