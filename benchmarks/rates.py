"""What a call takes of the processors of the application and of the server, and how many of them a site needs.

Run ``python -m benchmarks.rates``; the shorter ``--quick`` is for a first look.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from math import ceil
from time import perf_counter_ns, process_time_ns
from typing import Any

from benchmarks.alone import alone
from benchmarks.backends import BACKENDS, available
from benchmarks.bench import Bench
from benchmarks.calls import Counted
from benchmarks.sides import Side, user_ids
from benchmarks.table import digits, left_out, table
from benchmarks.works import signed_in
from cross_auth import create_session, delete_session, get_session, touch_session
from tests.servers.processes import processor_time

IDLE = 1800  # seconds
CALLS: dict[str, Callable[..., object]] = {
    "create": partial(create_session, idle_timeout=IDLE),
    "get": get_session,
    "touch that writes": touch_session,
    "delete": delete_session,
}
MEASURED = ("Redis TCP", "PostgreSQL TCP", "SQLAlchemy MariaDB")
BLOCK, QUICK_BLOCK = 2e9, 0.2e9  # nanoseconds of calls: a server's time is told in hundredths of a second

SESSIONS = {"a million": 10**6, "100 million": 10**8, "a thousand million": 10**9}
PAUSE = 600  # seconds between two requests of a session, so long that each of them marks activity
LIFE = 86400  # seconds from a log-in to the log-out
BUSY = 0.5  # of a processor is what is planned for
NETWORK = 500_000  # nanoseconds that a storage call takes longer between two machines


@dataclass(frozen=True)
class Rate:
    """Nanoseconds of a call: until it returns, and on the processors of the application and of the server."""

    storage: str
    call: str
    asks: int  # calls of the storage
    whole: float
    application: float
    server: float


def run(bench: Bench) -> Any:
    rows: list[dict[str, Any]] = []
    skipped: dict[str, str] = {}
    for name, backend in available({name: BACKENDS[name] for name in MEASURED}, bench.only, skipped):
        with backend.open(bench.folder, bench.servers) as pair, pair.library.open() as store:
            pid = bench.servers.pid(backend.server)
            for call in CALLS:
                rate = measure(name, call, pair.library, store, pid, QUICK_BLOCK if bench.quick else BLOCK)
                rows.append(asdict(rate))
                print(line(rows[-1]), flush=True)
    return {"rows": rows, "skipped": skipped}


def measure(storage: str, call: str, side: Side, store: Any, pid: int, block: float) -> Rate:
    """Make calls for so long, one after the other, and share out what the processors worked meanwhile."""
    operation, counted = CALLS[call], Counted(store)
    operation(_given(call, side, 1)[0], counted)
    first = _given(call, side, 50)
    start = perf_counter_ns()
    for each in first:
        operation(each, store)
    count = int(block / (perf_counter_ns() - start) * len(first))
    given = _given(call, side, count)
    server, application, start = processor_time(pid), process_time_ns(), perf_counter_ns()
    for each in given:
        operation(each, store)
    whole, application = perf_counter_ns() - start, process_time_ns() - application
    server = processor_time(pid) - server
    return Rate(storage, call, len(counted.names), whole / count, application / count, server * 1e9 / count)


def _given(call: str, side: Side, count: int) -> list[str]:
    """Return what so many calls are given: users who are new, or sessions whose activity is due to be marked."""
    users = user_ids(count)
    return users if call == "create" else signed_in(side, users, IDLE, timedelta(seconds=PAUSE))


def line(row: Any) -> str:
    times = ", ".join(f"{name} {row[name] / 1e3:.1f} µs" for name in ("whole", "application", "server"))
    return f"{row['storage']:<24}{row['call']:<20}{row['asks']} storage calls, {times}"


def render(found: Any) -> str:
    rows = [
        [
            f"{row['storage']}, {row['call']}",
            str(row["asks"]),
            *(digits(row[name] / 1e3) for name in ("whole", "application", "server")),
            *(f"{BUSY * 1e9 / row[name]:,.0f}" for name in ("application", "server")),
        ]
        for row in found["rows"]
    ]
    head = ["storage, call", "storage calls", "µs until it returns", "µs of the application", "µs of the server"]
    return f"""## The processors that sessions take

Of sessions with an idle limit, called one after the other: how long a call takes, \
how long the processors of the application and of the server work on it, \
and how many calls a second that makes for a processor of each that is {100 * BUSY:.0f} % busy.

{table([*head, "calls a second, application", "calls a second, server"], rows)}
{left_out(found["skipped"])}
For so many sessions, of which each makes a request every {PAUSE // 60} minutes that calls `touch_session`, \
and lives for {LIFE // 3600} hours from its log-in to its log-out:

{table(["needed", *SESSIONS], _needed(found["rows"]))}

* A server that has many calls at a time spends less on each than here, where it wakes for every one.
* A Redis server works on one processor, so that a cluster needs as many primaries; \
PostgreSQL and MariaDB use those of their machine.
* Connections are those in use at a time, with {NETWORK / 1e6:g} ms for the network at each storage call; \
pools need some to spare.
"""


def _needed(rows: list[Any]) -> Iterator[list[str]]:
    """Yield what a site of each size needs, from the calls that its sessions make in a second."""
    yield ["requests a second", *(f"{count / PAUSE:,.0f}" for count in SESSIONS.values())]
    yield ["log-ins a second, and as many log-outs", *(f"{count / LIFE:,.0f}" for count in SESSIONS.values())]
    for storage in dict.fromkeys(row["storage"] for row in rows):
        calls = {row["call"]: row for row in rows if row["storage"] == storage}
        for side in ("server", "application"):
            busy = {call: row[side] / BUSY for call, row in calls.items()}
            yield [f"{storage}, processors of the {side}", *at_work(busy)]
        held = {call: row["whole"] + row["asks"] * NETWORK for call, row in calls.items()}
        yield [f"{storage}, connections", *at_work(held)]


def at_work(nanoseconds: dict[str, float]) -> Iterator[str]:
    """Yield for each size how many are at work at a time, if a call keeps one for so long."""
    request = nanoseconds["touch that writes"] / PAUSE
    life = (nanoseconds["create"] + nanoseconds["delete"]) / LIFE
    for count in SESSIONS.values():
        yield f"{ceil(count * (request + life) / 1e9):,}"


if __name__ == "__main__":
    alone(run, render)
