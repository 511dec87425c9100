"""What the load run counts: how long requests took, the errors, and the wrong answers."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, perf_counter, process_time
from typing import Any

READS = ("page", "devices", "ended id")
WRITES = ("log in", "unlock", "sign out others", "log out")
SHARES = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "p99.9": 0.999, "max": 1.0}
TICK = 0.01  # seconds; how late a timer is tells how busy the client is


@dataclass
class Tally:
    """Hold seconds by the kind of request, and how often each thing that must not be was."""

    steps: int = 0
    spent: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)

    def of(self, kinds: Sequence[str]) -> list[float]:
        return [each for kind in kinds for each in self.spent.get(kind, [])]


def percentiles(seconds: list[float]) -> dict[str, float]:
    """Return how many there are, and milliseconds that so large a share took at most."""
    ordered = sorted(seconds)
    last = len(ordered) - 1
    ranks = {name: ordered[min(last, int(share * len(ordered)))] * 1e3 for name, share in SHARES.items() if ordered}
    return {"count": len(ordered), **ranks}


@dataclass(frozen=True)
class Leg:
    """One part of the run, as it is told."""

    name: str
    seconds: float
    tally: Tally
    processors: dict[str, float]  # processor seconds a second
    lateness: list[float]

    def told(self) -> dict[str, Any]:
        kinds = (*READS, *WRITES)
        return {
            "name": self.name,
            "seconds": self.seconds,
            "per_second": len(self.tally.of(kinds)) / self.seconds,
            "reads": percentiles(self.tally.of(READS)),
            "writes": percentiles(self.tally.of(WRITES)),
            "kinds": {kind: percentiles(self.tally.of([kind])) for kind in kinds if self.tally.of([kind])},
            "errors": dict(self.tally.errors),
            "wrong": dict(self.tally.wrong),
            "processors": self.processors,
            "lateness": percentiles(self.lateness),
        }


@asynccontextmanager
async def leg(name: str, workers: Sequence[int], legs: list[Leg]) -> AsyncIterator[Tally]:
    """Add what happens meanwhile to the legs."""
    tally, lateness = Tally(), [0.0]
    ticking = asyncio.create_task(_tick(lateness))
    begin, before = monotonic(), _processors(workers)
    try:
        yield tally
    finally:
        ticking.cancel()
        seconds = monotonic() - begin
        used = {which: (after - before[which]) / seconds for which, after in _processors(workers).items()}
        legs.append(Leg(name, seconds, tally, used, lateness))


async def _tick(lateness: list[float]) -> None:
    while True:
        begin = perf_counter()
        await asyncio.sleep(TICK)
        lateness.append(max(0.0, perf_counter() - begin - TICK))


def _processors(workers: Sequence[int]) -> dict[str, float]:
    """Return the processor seconds of this process and of each worker."""
    return {"client": process_time()} | {
        f"worker {number}": _seconds_of(pid) for number, pid in enumerate(sorted(workers), 1)
    }


def _seconds_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100
