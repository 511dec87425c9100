"""Every interleaving of the storage calls of a few callers, with at most one fault in each.

A caller starts with its first call: what came before it is seen by nobody.
A coroutine cannot be copied, so each run starts anew and follows a schedule;
where it comes to a state that was seen, all that can follow was seen too.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from math import factorial, prod

from cross_auth import SecondaryStorage
from tests.races.model import Fault
from tests.races.runs import Move, Run, Start, in_threads, on_the_model
from tests.races.scenarios import OPERATIONS, Operation, Scenario, alone

FAULTS = tuple(fault for fault in Fault if fault is not Fault.NONE)


@dataclass(frozen=True)
class Report:
    """How many interleavings there are without and with a fault, in how many states, and the laws they broke."""

    interleavings: int
    with_fault: int
    states: int
    broken: dict[str, str]


@dataclass
class Explorer:
    """Follow every schedule; ``following`` are the states after each state, and ``ends`` tell whether a fault was met.

    ``ahead`` are the schedules that are still to follow, each with the state before its last move.
    """

    start: Start
    following: dict[Hashable, list[Hashable]] = field(default_factory=lambda: {None: []})
    ends: dict[Hashable, bool] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    ahead: list[tuple[tuple[Move, ...], Hashable]] = field(default_factory=lambda: [((), None)])

    def explore(self) -> Report:
        while self.ahead:
            with closing(self.start()) as run:
                self._follow(run, *self.ahead.pop())
            after = "; ".join(run.log)
            self.broken = {law: f"{how} After: {after}." for law, how in run.ledger.broken.items()} | self.broken
        return Report(self._count(failed=False), self._count(failed=True), len(self.following) - 1, self.broken)

    def _follow(self, run: Run, schedule: tuple[Move, ...], before: Hashable) -> None:
        for move in schedule:
            run.step(move)
        while self._is_new(run.state(), before):
            before, moves = run.state(), run.moves()
            if not moves:
                run.finish()
                self.ends[before] = bool(run.failed)
                return
            self.ahead += [((*run.schedule, other), before) for other in reversed(moves[1:])]
            run.step(moves[0])

    def _is_new(self, state: Hashable, before: Hashable) -> bool:
        self.following[before].append(state)
        is_new = state not in self.following
        self.following.setdefault(state, [])
        return is_new

    def _count(self, *, failed: bool) -> int:
        """Count the ways from the beginning to an end."""

        @cache
        def ways(state: Hashable) -> int:
            if state in self.ends:
                return self.ends[state] is failed
            return sum(ways(each) for each in self.following[state])

        return ways(None)


def explore(scenario: Scenario, *, faults: tuple[Fault, ...] = ()) -> Report:
    """Explore a scenario on the model."""
    with on_the_model(scenario, faults) as start:
        return Explorer(start).explore()


def explore_threads(scenario: Scenario, storage: SecondaryStorage) -> Report:
    """Explore a scenario on a real storage, with a thread for each caller."""
    with in_threads(scenario, storage) as start:
        return Explorer(start).explore()


def explore_all(scenarios: Iterable[Scenario], one: Callable[[Scenario], Report]) -> Report:
    """Explore scenarios one after the other, and add up what is found."""
    reports = [one(scenario) for scenario in scenarios]
    broken = {law: how for report in reversed(reports) for law, how in report.broken.items()}
    return Report(
        sum(report.interleavings for report in reports),
        sum(report.with_fault for report in reports),
        sum(report.states for report in reports),
        broken,
    )


def orders(group: tuple[str, ...], operations: Mapping[str, Operation] = OPERATIONS) -> int:
    """Return how many interleavings there are if each operation calls as often as it does alone."""
    calls = [explore(alone(name, operations)).states - 1 for name in group]
    return factorial(sum(calls)) // prod(map(factorial, calls))
