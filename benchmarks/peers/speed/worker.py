"""The work of one side, which times itself and checks what it got.

It runs with the peers' packages as well as with ours, so it imports nothing that only one of them has.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from inspect import iscoroutinefunction
from itertools import count, cycle, islice
from time import perf_counter_ns, time
from typing import Any

import time_machine

LIFETIME = 86_400  # seconds, of every session
USED = 3  # sessions that come and go before each turn, so that no side starts cold
_numbers = count()
Operation = Callable[[Any], Any]


@dataclass(frozen=True)
class Sessions:
    """What one side does: all plain functions, or all coroutine functions.

    ``create`` takes a user and returns an id, ``get`` takes an id and returns the user or None, ``delete`` takes an id.
    ``visit`` turns an id into what the last two take instead; a framework has done so by then, so it is not timed.
    """

    create: Operation
    get: Operation
    delete: Operation | None
    visit: Callable[[str], Any] = lambda session_id: session_id


class Worker:
    """Hold the sessions that there are, in the order in which they were made."""

    def __init__(self, sessions: Sessions, run: Callable[[Coroutine[Any, Any, Any]], Any]) -> None:
        self.sessions = sessions
        self._awaited, self._run = iscoroutinefunction(sessions.get), run
        self._live: dict[str, str] = {}  # users by ids
        self._ended: list[str] = []

    def create(self, number: int) -> float:
        users = [f"user-{next(_numbers):09}" for _ in range(number)]
        ids, nanoseconds = self._timed(self.sessions.create, users)
        self._live |= dict(zip(ids, users, strict=True))
        return nanoseconds

    def get(self, number: int) -> float:
        """Load sessions, each as often as the others; whose they are is checked when the clock has stopped."""
        ids = list(islice(cycle(self._live), number))
        users, nanoseconds = self._timed(self.sessions.get, self._visits(ids))
        assert [self._live[each] for each in ids] == users, "a session was not its user's"
        return nanoseconds

    def delete(self) -> float | None:
        """End all sessions."""
        if self.sessions.delete is None:
            self._live.clear()
            return None
        self._ended = list(self._live)
        self._live.clear()
        return self._timed(self.sessions.delete, self._visits(self._ended))[1]

    def gone(self) -> None:
        """Check that nobody gets a session that was ended."""
        assert {None} >= set(self._do(self.sessions.get, self._visits(self._ended))), "a session outlived its end"

    def use(self) -> None:
        """Let some sessions come and go, beside those that there are."""
        kept, self._live = self._live, {}
        self.create(USED)
        self.get(USED)
        self.delete()
        self.gone()
        self._live = kept

    def ends(self) -> bool:
        """Tell whether a session is over when its time is, by the clock of this process alone."""
        (session_id,) = self._do(self.sessions.create, ["user"])
        with time_machine.travel(time() + LIFETIME + 3600):
            (user,) = self._do(self.sessions.get, self._visits([session_id]))
        return user is None

    def _visits(self, ids: list[str]) -> list[Any]:
        return [self.sessions.visit(each) for each in ids]

    def _do(self, operation: Operation, arguments: list[Any]) -> list[Any]:
        return self._timed(operation, arguments)[0] if arguments else []

    def _timed(self, operation: Operation, arguments: list[Any]) -> tuple[list[Any], float]:
        """Return what each call returned, and how long one took."""
        return self._run(_awaited(operation, arguments)) if self._awaited else _called(operation, arguments)


def _called(operation: Operation, arguments: list[Any]) -> tuple[list[Any], float]:
    start = perf_counter_ns()
    answers = [operation(argument) for argument in arguments]
    return answers, (perf_counter_ns() - start) / len(arguments)


async def _awaited(operation: Operation, arguments: list[Any]) -> tuple[list[Any], float]:
    """Await one operation after the other, in one task."""
    start = perf_counter_ns()
    answers = [await operation(argument) for argument in arguments]
    return answers, (perf_counter_ns() - start) / len(arguments)
