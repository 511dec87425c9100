"""One side, and what was seen of it: its times and what else it showed, or why it does not run."""

from dataclasses import asdict
from typing import Any

from benchmarks.peers.speed.counting import Calls, Counter, calls
from benchmarks.peers.speed.driving import Driven
from benchmarks.peers.speed.entrants import Entrant
from benchmarks.rounds import quartiles

OPERATIONS = ("create", "get", "delete")
BLOCK = 5e6  # nanoseconds that a side loads sessions before it is the next one's turn, or one load of each
Times = dict[str, list[float]]


class Measured:
    """Tell one worker what to do, and keep what it answers."""

    def __init__(self, entrant: Entrant, worker: Driven, sessions: int) -> None:
        self.entrant, self.reason = entrant, ""
        self.times: Times = {name: [] for name in OPERATIONS}
        self._worker, self._sessions, self._gets = worker, sessions, sessions
        self._hello: dict[str, Any] = {}
        self._calls: Calls | None = None
        self._own_clock = False

    def ready(self) -> None:
        """Wait until the worker is up, and find how many loads make a block."""
        self._hello = self._worker.hear()
        self._worker.tell("create", self._sessions)
        once = self._worker.tell("get", self._sessions)
        self._worker.tell("delete")
        self._gets = max(1, int(BLOCK / once / self._sessions)) * self._sessions

    def turn(self, operation: str) -> None:
        self._worker.tell("use")
        numbers = {"create": [self._sessions], "get": [self._gets], "delete": []}[operation]
        taken = self._worker.tell(operation, *numbers)
        if taken is not None:
            self.times[operation].append(taken)
        if operation == "delete":
            self._worker.tell("gone")

    def count(self, counter: Counter | None) -> None:
        self._calls = calls(self._worker, counter) if counter else None

    def end(self) -> None:
        self._own_clock = self._worker.tell("ends")

    def found(self, beside: Times) -> dict[str, Any]:
        """Return all in numbers and texts, with the ratios to another side of the same rounds."""
        if self.reason:
            return failed(self.entrant, self.reason)
        operations = {name: _operation(times, beside[name]) for name, times in self.times.items() if times}
        facts = {"own_clock": self._own_clock, "calls": self._calls, "hello": self._hello}
        return {**_named(self.entrant), "reason": "", "operations": operations, **facts}


def failed(entrant: Entrant, reason: str) -> dict[str, Any]:
    return {**_named(entrant), "reason": reason}


def _named(entrant: Entrant) -> dict[str, Any]:
    said = {"does": asdict(entrant.does)}
    return {"name": entrant.name, "awaited": entrant.awaited, "peer": not entrant.here, **said}


def _operation(mine: list[float], others: list[float]) -> dict[str, Any]:
    ratios = [one / other for one, other in zip(mine, others, strict=True)]
    return {"nanoseconds": asdict(quartiles(mine)), "ratio": None if mine is others else asdict(quartiles(ratios))}
