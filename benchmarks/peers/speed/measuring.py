"""All sides of a store, measured in turns: every round each does the same operations on as many sessions."""

from collections.abc import Callable
from typing import Any

from benchmarks.bench import Bench
from benchmarks.peers.speed.counting import counting
from benchmarks.peers.speed.driving import WorkerError, driven
from benchmarks.peers.speed.entrants import OURS, STORES
from benchmarks.peers.speed.measured import OPERATIONS, Measured, failed
from benchmarks.peers.speed.places import places

MISSING = "its environment is missing: make peers"


def measure(store: str, bench: Bench, rounds: int, sessions: int) -> list[dict[str, Any]]:
    """Measure the sides of one store; the ratios are to this library in the same colour."""
    entrants = STORES[store]
    where = places(store, len(entrants), bench.folder, bench.servers)
    with driven(dict(zip(entrants, where, strict=True))) as workers:
        sides = [Measured(entrant, worker, sessions) for entrant, worker in workers.items()]
        _each(sides, Measured.ready)
        for turn in range(rounds):
            for operation in OPERATIONS:
                _each(sides[:: -1 if turn % 2 else 1], Measured.turn, operation)
        with counting(store, bench.servers) as counter:
            _each(sides, Measured.count, counter)
        _each(sides, Measured.end)
    ours = {side.entrant.awaited: side.times for side in sides if side.entrant.module == OURS.module}
    found = [side.found(ours.get(side.entrant.awaited, ours[False])) for side in sides]
    return [*found, *(failed(entrant, MISSING) for entrant in entrants if entrant not in workers)]


def _each(sides: list[Measured], work: Callable[..., None], *arguments: object) -> None:
    """Let each side do it that runs; why one does not is kept, but for this environment's own sides."""
    for side in sides:
        if side.reason:
            continue
        try:
            work(side, *arguments)
        except WorkerError as error:
            if side.entrant.here:
                raise
            side.reason = str(error)
