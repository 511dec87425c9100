"""How long a write takes while a table full of expired sessions is emptied by the writes themselves.

Run ``python -m benchmarks.drain``; the shorter ``--quick`` is for a first look.
"""

from dataclasses import asdict, dataclass
from statistics import median, quantiles
from time import perf_counter, perf_counter_ns
from typing import Any

from benchmarks.alone import alone
from benchmarks.backends import available
from benchmarks.backlogs import BACKLOGS, VALUE, Backlog, key
from benchmarks.bench import Bench
from benchmarks.sides import MAX_AGE
from benchmarks.table import digits, left_out, table
from cross_auth.storage import _postgres_settings, _sqlalchemy_expiry, memory, sqlite
from cross_auth.storage.memory import MemoryStorage
from cross_auth.storage.postgres import PostgresStorage
from cross_auth.storage.sqlalchemy import SQLAlchemyStorage
from cross_auth.storage.sqlite import SQLiteStorage

CLAIM = 50  # milliseconds
ROWS, QUICK_ROWS = 100_000, 3_000


@dataclass(frozen=True)
class Writes:
    """Hold milliseconds a write."""

    count: int
    median: float
    p99: float
    most: float
    over_the_claim: int


@dataclass(frozen=True)
class Drained:
    storage: str
    rows: int
    writes: int
    seconds: float
    expiring: Writes
    other: Writes | None  # where not every write removes some


def pace_of(storage: object) -> tuple[int, int]:
    """Return of how many writes the first removes expired rows, and how many rows that is for each write."""
    known: dict[type, tuple[int, int]] = {
        MemoryStorage: (1, memory._EXPIRED_A_WRITE),
        PostgresStorage: (_postgres_settings.WRITES_BETWEEN_EXPIRIES, 3),
        SQLAlchemyStorage: (_sqlalchemy_expiry.WRITES_BETWEEN_EXPIRIES, 3),
        SQLiteStorage: (sqlite.WRITES_BETWEEN_EXPIRIES, 3),
    }
    return known[type(storage)]


def drain(backlog: Backlog, rows: int, batch: int, removed: int) -> list[float]:
    """Write until no expired row is left, and return the milliseconds of every write."""
    spent: list[float] = []
    wanted = rows // removed
    while len(spent) < wanted or backlog.left():
        for new in [key() for _ in range(batch)]:
            start = perf_counter_ns()
            backlog.storage.set(new, VALUE, MAX_AGE)
            spent.append((perf_counter_ns() - start) / 1e6)
        if len(spent) > 2 * wanted + 100 * batch:
            raise RuntimeError(f"{backlog.left()} of {rows} expired rows are left after {len(spent)} writes")
    return spent


def summed_up(spent: list[float]) -> Writes:
    return Writes(
        count=len(spent),
        median=median(spent),
        p99=quantiles(spent, n=100, method="inclusive")[-1],
        most=max(spent),
        over_the_claim=sum(each > CLAIM for each in spent),
    )


def run(bench: Bench) -> Any:
    rows: list[dict[str, Any]] = []
    skipped: dict[str, str] = {}
    for name, backend in available(BACKLOGS, bench.only, skipped):
        with backend.open(bench.folder, bench.servers) as backlog:
            found = measure(name, backlog, QUICK_ROWS if bench.quick else ROWS)
        print(line(found), flush=True)
        rows.append(asdict(found))
    return {"rows": rows, "skipped": skipped}


def measure(name: str, backlog: Backlog, rows: int) -> Drained:
    backlog.fill(rows)
    batch, removed = pace_of(backlog.storage)
    start = perf_counter()
    spent = drain(backlog, rows, batch, removed)
    seconds = perf_counter() - start
    other = [each for number, each in enumerate(spent) if number % batch]
    return Drained(name, rows, len(spent), seconds, summed_up(spent[::batch]), summed_up(other) if other else None)


def line(found: Drained) -> str:
    told = ", ".join(
        f"{name}: median {writes.median:.2f}, p99 {writes.p99:.2f}, slowest {writes.most:.1f} ms"
        for name, writes in (("with an expiry", found.expiring), ("without", found.other))
        if writes
    )
    return f"{found.storage}: {found.rows} expired rows gone after {found.writes} writes, {found.seconds:.0f} s; {told}"


def render(found: Any) -> str:
    rows = [
        [row["storage"], f"{row['writes']:,}".replace(",", " "), kind, *_figures(row[name])]
        for row in found["rows"]
        for kind, name in (("removes some", "expiring"), ("any other", "other"))
        if row[name]
    ]
    count = f"{found['rows'][0]['rows']:,}".replace(",", " ") if found["rows"] else "no"
    head = ["Storage", "Writes until all are gone", "A write that", "median", "p99", "slowest", f"over {CLAIM} ms"]
    return f"""## While expired sessions go

A table with {count} expired sessions is emptied by the writes of new ones.
Each takes three with it on average, in memory thirty-two.
Milliseconds a write, of those that remove some of what has expired and of the others:

{table(head, rows)}
{left_out(found["skipped"])}"""


def _figures(writes: dict[str, Any]) -> list[str]:
    return [*(digits(writes[each]) for each in ("median", "p99", "most")), str(writes["over_the_claim"])]


if __name__ == "__main__":
    alone(run, render)
