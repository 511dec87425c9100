"""Every interleaving of the storage calls of a few callers, with at most one fault in each.

A caller starts with its first call: what came before it is seen by nobody.
Where a run comes to a state that was seen, all that can follow was seen too.
"""

import gc
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from math import factorial, prod

from tests.races.beginnings import on_the_model
from tests.races.calls import Fault
from tests.races.laws import LAWS
from tests.races.runs import Run
from tests.races.scenarios import Scenario, alone

FAULTS = tuple(fault for fault in Fault if fault is not Fault.NONE)


@dataclass(frozen=True)
class Report:
    """How many interleavings scenarios have without and with a fault, in how many states, and the laws they broke."""

    scenarios: int = 0
    interleavings: int = 0
    with_fault: int = 0
    states: int = 0
    broken: dict[str, str] = field(default_factory=dict)

    def __add__(self, other: "Report") -> "Report":
        return Report(
            self.scenarios + other.scenarios,
            self.interleavings + other.interleavings,
            self.with_fault + other.with_fault,
            self.states + other.states,
            {**other.broken, **self.broken},
        )


@dataclass
class Explorer:
    """Follow every schedule, the shorter ones first, so that the order that breaks a law is the shortest that does.

    States are numbered as they are met; ``following`` are those after each, and ``ends`` tell whether a fault was met.
    """

    state: Callable[[Run], Hashable] = Run.state
    numbers: dict[Hashable, int] = field(default_factory=dict)
    following: list[list[int]] = field(default_factory=list)
    ends: dict[int, bool] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)

    def explore(self, first: Run) -> Report:
        ahead = deque([first])
        self.numbers[self.state(first)] = 0
        while ahead:
            self.following.append(self._follow(ahead.popleft(), ahead))
        return Report(1, *self._count(), len(self.numbers), self.broken)

    def _follow(self, run: Run, ahead: deque[Run]) -> list[int]:
        numbers = []
        for move in run.moves():
            after = run.after(move)
            state = self.state(after)
            if state not in self.numbers:
                self.numbers[state] = len(self.numbers)
                ahead.append(after)
            numbers.append(self.numbers[state])
            note(self.broken, after)
        if not numbers:
            self.ends[len(self.following)] = bool(run.failed)
            run.finish()
            note(self.broken, run)
        return numbers

    def _count(self) -> tuple[int, int]:
        """Count the ways from the beginning to the ends without and with a fault."""
        ways = [(0, 0)] * len(self.following)
        for number in reversed(range(len(ways))):  # what follows has a higher number
            after = [ways[each] for each in self.following[number]]
            end = self.ends.get(number)
            ways[number] = (
                (end is False) + sum(each[0] for each in after),
                (end is True) + sum(each[1] for each in after),
            )
        return ways[0]


def note(broken: dict[str, str], run: Run) -> None:
    """Note each law that a run has broken for the first time, and how."""
    for law, how in run.broken:
        if law not in broken:
            broken[law] = f"{LAWS[law]} But {how}. After: {run.story()}."


def explore(scenario: Scenario, *, faults: tuple[Fault, ...] = ()) -> Report:
    """Explore a scenario on the model."""
    with on_the_model(scenario, faults) as first, _uncollected():
        return Explorer().explore(first)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let the collector rest: nothing of an exploration is in a cycle, and looking for one takes twice its time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def explore_all(scenarios: Iterable[Scenario], one: Callable[[Scenario], Report]) -> Report:
    """Explore scenarios one after the other, and add up what is found."""
    return sum(map(one, scenarios), Report())


@cache
def calls(name: str) -> int:
    """Return how many calls an operation makes alone."""
    return explore(alone(name)).states - 1


def orders(group: tuple[str, ...]) -> int:
    """Return how many interleavings there are if each operation calls as often as it does alone."""
    each = [calls(name) for name in group]
    return factorial(sum(each)) // prod(map(factorial, each))
