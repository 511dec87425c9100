"""A caller that goes from one storage call to the next, and a coroutine as one.

A coroutine cannot be copied, but what it does next depends on nothing but what it was sent:
that is found out once, and remembered for every run that sends the same.
"""

from asyncio import CancelledError
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Self

from cross_auth import StorageError
from tests.races.calls import Call, Fault, Killed

_Sent = tuple[type[BaseException] | None, Any]
_Begin = Callable[[], Coroutine[Any, Any, Any]]


@dataclass(frozen=True)
class Outcome:
    """What an operation came to: an answer, or an error, whose type is kept alone: it would keep every frame alive."""

    answer: Any = None
    error: type[BaseException] | None = None


@dataclass(frozen=True)
class Early:
    """An answer that is given before the operation has run to its end."""

    answer: Any
    rest: Coroutine[Any, Any, Any]


class _Driven:
    """Drive a coroutine, which suspends with each call that it makes."""

    def __init__(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        self.call: Call | None = None
        self.outcome: Outcome | None = None
        self._drive(coroutine, coroutine.send, None)

    def send(self, sent: _Sent) -> None:
        error, answer = sent
        if error is Killed:
            self.call, self.outcome = None, self.outcome or Outcome(error=Killed)
            return
        coroutine = self._coroutine
        if error is not None:
            self._drive(coroutine, coroutine.throw, error("the fault of this run"))
        else:
            self._drive(coroutine, coroutine.send, list(answer) if isinstance(answer, tuple) else answer)

    def _drive(self, coroutine: Coroutine[Any, Any, Any], resume: Callable[[Any], Any], sent: object) -> None:
        self._coroutine, self.call = coroutine, None
        try:
            self.call = resume(sent)
        except StopIteration as end:
            self._end(end.value)
        except (StorageError, CancelledError) as error:
            self.outcome = self.outcome or Outcome(error=type(error))

    def _end(self, answer: object) -> None:
        if isinstance(answer, Early):
            self.outcome = Outcome(answer.answer)
            self._drive(answer.rest, answer.rest.send, None)
        else:
            self.outcome = self.outcome or Outcome(answer)

    def close(self) -> None:
        while True:
            try:
                return self._coroutine.close()
            except RuntimeError:  # it went on to clean up; what it calls has no effect
                continue


class Point:
    """Where a coroutine stands after all that it was sent: at a call that it waits to make, or at its outcome."""

    def __init__(self, begin: _Begin, sent: tuple[_Sent, ...] = ()) -> None:
        self._begin, self._sent = begin, sent
        self._after: dict[_Sent, Point] = {}
        driven = _Driven(begin())
        for each in sent:
            driven.send(each)
        self.call, self.outcome = driven.call, driven.outcome
        driven.close()

    def after(self, *sent: Any) -> "Point":
        found = self._after.get(sent)
        if found is None:
            found = self._after[sent] = Point(self._begin, (*self._sent, sent))
        return found


class AwaitedCaller:
    """Go from point to point of a coroutine; ``first`` finds where it begins with an id.

    ``call`` is what it waits to make, ``outcome`` what it has come to.
    """

    call: Call | None = None
    outcome: Outcome | None = None
    point: Point | None = None

    def __init__(self, first: Callable[[str], Point]) -> None:
        self._first = first

    def copy(self) -> Self:
        other = type(self)(self._first)
        other.call, other.outcome, other.point = self.call, self.outcome, self.point
        return other

    def start(self, session_id: str) -> None:
        self._go(self._first(session_id))

    def step(self, fault: Fault, storage: object) -> None:
        assert self.call is not None
        assert self.point is not None
        answer = self.call.perform(storage) if fault.effect == "now" else None
        if fault.error is not None:
            answer = None
        self._go(self.point.after(fault.error, tuple(answer) if isinstance(answer, list) else answer))

    def _go(self, point: Point) -> None:
        self.point, self.call, self.outcome = point, point.call, point.outcome

    def close(self) -> None:
        """Leave nothing to do."""
