"""How long the calls take that manage sessions: idle limits, renewal, and the list of a user's sessions and its end.

Run ``python -m benchmarks.sessions_of_a_user``; the shorter ``--quick`` is for a first look.
"""

import argparse
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.backends import BACKENDS, available
from benchmarks.calls import WORKS, Counted, Work
from benchmarks.rounds import Quartiles, in_turns, nanoseconds, quartiles
from benchmarks.servers import SETTINGS, Servers
from benchmarks.versions import head, versions
from cross_auth import IndexedStorage

MEASURED = ("memory", "SQLite FULL", "Redis TCP", "PostgreSQL TCP")
RATIOS = (  # of one session's share of a call
    ("get, idle limit", "get"),
    ("touch that writes nothing", "get, idle limit"),
    ("list of 1000", "list of 10"),
    ("revocation of 1000", "revocation of 10"),
)


@dataclass(frozen=True)
class Cost:
    """Hold nanoseconds a call, of which each is about so many sessions, and how often the storage is asked for one."""

    sessions: int
    call: Quartiles
    storage_calls: float


@dataclass(frozen=True)
class Found:
    storage: str
    costs: dict[str, Cost]
    ratios: dict[str, Quartiles]


def measure(name: str, storage: IndexedStorage, rounds: int) -> Found:
    turns = [_turn(work, storage) for work in WORKS]
    for turn in turns:
        turn()  # what is made once is made before the time counts
    spent = dict(zip([work.name for work in WORKS], in_turns(turns, rounds), strict=True))
    shares = {work.name: [each / work.sessions for each in spent[work.name]] for work in WORKS}
    return Found(
        name,
        {work.name: Cost(work.sessions, quartiles(spent[work.name]), _asked(work, storage)) for work in WORKS},
        {
            f"{one} / {other}": quartiles([a / b for a, b in zip(shares[one], shares[other], strict=True)])
            for one, other in RATIOS
        },
    )


def _turn(work: Work, storage: IndexedStorage) -> Callable[[], float]:
    """Return what is timed in every round; a read consumes nothing, so that all rounds read the same sessions."""
    kept = [] if work.consumes else work.prepare(storage, work.calls)
    return lambda: nanoseconds(work.operation, kept or work.prepare(storage, work.calls), storage)


def _asked(work: Work, storage: IndexedStorage) -> float:
    counted = Counted(storage)
    work.operation(*work.prepare(storage, 1), counted)
    return counted.calls / work.sessions


HEAD = f"{'storage':<16}{'call':<28}{'µs':>11} {'quartiles':<20}{'µs a session':>13}{'storage calls a session':>25}"


def lines(found: Found) -> Iterator[str]:
    for name, cost in found.costs.items():
        low, median, high = (each / 1e3 for each in (cost.call.low, cost.call.median, cost.call.high))
        yield (
            f"{found.storage:<16}{name:<28}{median:>11.1f} {f'{low:.1f}-{high:.1f}':<20}"
            f"{median / cost.sessions:>13.1f}{cost.storage_calls:>25.2f}"
        )
    for name, ratio in found.ratios.items():
        yield f"{found.storage:<16}{name}, a session: {ratio.median:.2f} ({ratio.low:.2f}-{ratio.high:.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", nargs="?", default="/var/tmp", help="where the SQLite file goes, on a real disk")
    parser.add_argument("--only", default="", metavar="NAME", help="measure storages with this in their name")
    parser.add_argument("--quick", action="store_true", help="do 7 rounds, not 21")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there, too")
    arguments = parser.parse_args()
    rounds = 7 if arguments.quick else 21
    print(f"{head()}, {rounds} rounds\n{SETTINGS}\n{HEAD}", flush=True)
    results = []
    with TemporaryDirectory(dir=arguments.folder, prefix="cross-auth-") as folder, ExitStack() as stack:
        servers = Servers(stack)
        for name, backend in available({name: BACKENDS[name] for name in MEASURED}, arguments.only):
            with backend.open(Path(folder), servers) as pair, pair.library.open() as storage:
                found = measure(name, storage, rounds)
            print(*lines(found), sep="\n", flush=True)
            results.append(asdict(found))
    if arguments.json:
        text = json.dumps({"versions": versions(), "rounds": rounds, "results": results}, indent=2)
        arguments.json.write_text(f"{text}\n")


if __name__ == "__main__":
    main()
