"""How long a write takes while a table full of expired sessions is emptied by the writes themselves.

Run ``python -m benchmarks.drain``; ``--rows 20000`` is for a first look.
"""

import argparse
import json
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter, perf_counter_ns

from benchmarks.backends import available
from benchmarks.backlogs import BACKLOGS, VALUE, Backlog, key
from benchmarks.servers import SETTINGS, Servers
from benchmarks.sides import MAX_AGE
from benchmarks.versions import head, versions
from cross_auth.storage import _postgres_settings, _sqlalchemy_expiry, sqlite
from cross_auth.storage.postgres import PostgresStorage
from cross_auth.storage.sqlalchemy import SQLAlchemyStorage
from cross_auth.storage.sqlite import SQLiteStorage

REMOVED_A_WRITE = 3  # on average, by every storage
CLAIM = 50  # milliseconds


@dataclass(frozen=True)
class Writes:
    """Hold milliseconds a write, of all and of each tenth of the run."""

    count: int
    median: float
    p99: float
    most: float
    over_the_claim: int
    median_by_tenth: list[float]
    p99_by_tenth: list[float]


@dataclass(frozen=True)
class Drained:
    storage: str
    rows: int
    writes: int
    seconds: float
    expiring: Writes
    other: Writes


def batch_of(storage: object) -> int:
    """Return of how many writes the first removes expired rows."""
    known: dict[type, int] = {
        PostgresStorage: _postgres_settings.WRITES_BETWEEN_EXPIRIES,
        SQLAlchemyStorage: _sqlalchemy_expiry.WRITES_BETWEEN_EXPIRIES,
        SQLiteStorage: sqlite.WRITES_BETWEEN_EXPIRIES,
    }
    return known[type(storage)]


def drain(backlog: Backlog, rows: int, batch: int) -> list[float]:
    """Write until no expired row is left, and return the milliseconds of every write."""
    spent: list[float] = []
    wanted = rows // REMOVED_A_WRITE
    while len(spent) < wanted or backlog.left():
        for new in [key() for _ in range(batch)]:
            start = perf_counter_ns()
            backlog.storage.set(new, VALUE, MAX_AGE)
            spent.append((perf_counter_ns() - start) / 1e6)
        if len(spent) > 2 * wanted + 100 * batch:
            raise RuntimeError(f"{backlog.left()} of {rows} expired rows are left after {len(spent)} writes")
    return spent


def summed_up(spent: list[float]) -> Writes:
    length = max(2, len(spent) // 10)
    tenths = [spent[start : start + length] for start in range(0, length * 10, length)]
    return Writes(
        count=len(spent),
        median=median(spent),
        p99=_p99(spent),
        most=max(spent),
        over_the_claim=sum(each > CLAIM for each in spent),
        median_by_tenth=[median(tenth) for tenth in tenths],
        p99_by_tenth=[_p99(tenth) for tenth in tenths],
    )


def _p99(spent: list[float]) -> float:
    return quantiles(spent, n=100, method="inclusive")[-1]


def measure(name: str, backlog: Backlog, rows: int) -> Drained:
    backlog.fill(rows)
    batch = batch_of(backlog.storage)
    start = perf_counter()
    spent = drain(backlog, rows, batch)
    seconds = perf_counter() - start
    other = [each for number, each in enumerate(spent) if number % batch]
    return Drained(name, rows, len(spent), seconds, summed_up(spent[::batch]), summed_up(other))


def lines(found: Drained) -> str:
    text = f"{found.storage}: {found.rows} expired rows gone after {found.writes} writes in {found.seconds:.0f} s"
    for name, writes in (("with an expiry", found.expiring), ("without", found.other)):
        text += (
            f"\n  {name:<15}{writes.count:>8} writes: median {writes.median:.2f}, p99 {writes.p99:.2f},"
            f" slowest {writes.most:.1f} ms, {writes.over_the_claim} over {CLAIM} ms"
            f"\n{'':18}median by tenth {' '.join(f'{each:.2f}' for each in writes.median_by_tenth)}"
            f"\n{'':18}p99 by tenth    {' '.join(f'{each:.2f}' for each in writes.p99_by_tenth)}"
        )
    return text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", nargs="?", default="/var/tmp", help="where the SQLite file goes, on a real disk")
    parser.add_argument("--rows", type=int, default=1_000_000, help="how many expired rows (default: a million)")
    parser.add_argument("--only", default="", metavar="NAME", help="measure storages with this in their name")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there, too")
    arguments = parser.parse_args()
    print(f"{head()}\n{SETTINGS}", flush=True)
    results = []
    with TemporaryDirectory(dir=arguments.folder, prefix="cross-auth-") as folder, ExitStack() as stack:
        servers = Servers(stack)
        for name, backend in available(BACKLOGS, arguments.only):
            with backend.open(Path(folder), servers) as backlog:
                found = measure(name, backlog, arguments.rows)
            print(lines(found), flush=True)
            results.append(asdict(found))
    if arguments.json:
        text = json.dumps({"versions": versions(), "results": results}, indent=2)
        arguments.json.write_text(f"{text}\n")


if __name__ == "__main__":
    main()
