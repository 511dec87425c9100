"""How much the session functions cost over the same work written by hand without a check.

Run ``python -m benchmarks.against_the_floor``; the shorter ``--quick`` is for a first look.
"""

import argparse
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.backends import BACKENDS, available
from benchmarks.rounds import Comparison, compare, nanoseconds
from benchmarks.servers import SETTINGS, Servers
from benchmarks.sides import OURS, Pair, Side, user_ids
from benchmarks.versions import head, versions

BLOCK = 5e6  # nanoseconds that one side works before it is the other's turn; less than fills SQLite's log
BATCH = 64  # the library removes expired rows at every sixty-fourth write


def each_operation(pair: Pair, rounds: int) -> Iterator[tuple[str, Comparison]]:
    with pair.library.open() as ours, pair.floor.open() as theirs:
        for name in OURS:
            library, by_hand = _work(name, pair.library, ours), _work(name, pair.floor, theirs)
            library(10 * BATCH)
            operations = max(2 * BATCH, int(BLOCK / by_hand(10 * BATCH))) // BATCH * BATCH
            yield name, compare(library, by_hand, rounds, operations)


def _work(name: str, side: Side, store: Any) -> Callable[[int], float]:
    def work(count: int) -> float:
        ids = side.fill(count)
        assert side.operations["get"](ids[0], store) is not None  # what is not found is not parsed
        return nanoseconds(side.operations[name], user_ids(count) if name == "create" else ids, store)

    return work


def measure(folder: Path, only: str, rounds: int) -> Iterator[tuple[str, str, Comparison]]:
    with ExitStack() as stack:
        servers = Servers(stack)
        for name, backend in available(BACKENDS, only):
            with backend.open(folder, servers) as pair:
                yield from ((name, *found) for found in each_operation(pair, rounds))


HEAD = (
    f"{'storage':<38}{'operation':<10}{'library µs':>12}{'floor µs':>11}"
    f"{'ratio':>8} {'quartiles':<14}{'over µs':>8}  quartiles"
)


def line(storage: str, operation: str, found: Comparison) -> str:
    ratio, over = found.ratio, found.over
    return (
        f"{storage:<38}{operation:<10}{found.library.median / 1e3:>12.2f}{found.floor.median / 1e3:>11.2f}"
        f"{ratio.median:>8.3f} {f'{ratio.low:.3f}-{ratio.high:.3f}':<14}"
        f"{over.median / 1e3:>8.2f}  {over.low / 1e3:.2f} to {over.high / 1e3:.2f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", nargs="?", default="/var/tmp", help="where the SQLite files go, on a real disk")
    parser.add_argument("--only", default="", metavar="NAME", help="measure storages with this in their name")
    parser.add_argument("--quick", action="store_true", help="do 15 rounds, not 61")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there, too")
    arguments = parser.parse_args()
    rounds = 15 if arguments.quick else 61
    print(f"{head()}, {rounds} rounds\n{SETTINGS}\n{HEAD}", flush=True)
    results = []
    with TemporaryDirectory(dir=arguments.folder, prefix="cross-auth-") as folder:
        for storage, operation, found in measure(Path(folder), arguments.only, rounds):
            print(line(storage, operation, found), flush=True)
            results.append({"storage": storage, "operation": operation, **asdict(found)})
    if arguments.json:
        text = json.dumps({"versions": versions(), "rounds": rounds, "results": results}, indent=2)
        arguments.json.write_text(f"{text}\n")


if __name__ == "__main__":
    main()
