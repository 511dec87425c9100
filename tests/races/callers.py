"""A caller that goes from one storage call to the next: a coroutine, or a thread."""

from asyncio import CancelledError
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from threading import Semaphore
from typing import Any, Protocol

from cross_auth import StorageError
from tests.races.model import Call, Fault

_PATIENCE = 60.0


@dataclass(frozen=True)
class Outcome:
    """What an operation came to: an answer, or the error that it raised."""

    answer: Any = None
    error: BaseException | None = None


@dataclass(frozen=True)
class Early:
    """An answer that is given before the operation has run to its end."""

    answer: Any
    rest: Coroutine[Any, Any, Any]


class Caller(Protocol):
    """``call`` is what it waits to make, ``outcome`` what it has come to, ``seen`` all that it knows."""

    call: Call | None
    outcome: Outcome | None
    seen: tuple[str, ...]

    def start(self, session_id: str) -> None: ...

    def step(self, fault: Fault) -> None: ...

    def close(self) -> None: ...


class AwaitedCaller:
    """Drive a coroutine, which suspends with each call that it makes."""

    def __init__(self, run: Callable[[str], Coroutine[Any, Any, Any]]) -> None:
        self._run = run
        self._coroutine: Coroutine[Any, Any, Any] | None = None
        self.call: Call | None = None
        self.outcome: Outcome | None = None
        self.seen: tuple[str, ...] = ()

    def start(self, session_id: str) -> None:
        self._coroutine = self._run(session_id)
        self._resume(self._coroutine.send, None)

    def step(self, fault: Fault) -> None:
        assert self.call is not None
        assert self._coroutine is not None
        answer = self.call.perform() if fault.has_effect else None
        if fault.error is None:
            self._resume(self._coroutine.send, answer)
        else:
            self._resume(self._coroutine.throw, fault.error("the fault of this run"))

    def _resume(self, resume: Callable[[Any], Any], sent: object) -> None:
        self.seen += (repr(sent),)
        self.call = None
        try:
            self.call = resume(sent)
        except StopIteration as end:
            self._end(end.value)
        except (StorageError, CancelledError) as error:
            self.outcome = self.outcome or Outcome(error=error)

    def _end(self, answer: object) -> None:
        if isinstance(answer, Early):
            self.outcome = Outcome(answer.answer)
            self._coroutine = answer.rest
            self._resume(answer.rest.send, None)
        else:
            self.outcome = self.outcome or Outcome(answer)

    def close(self) -> None:
        while self._coroutine is not None:
            try:
                self._coroutine.close()
            except RuntimeError:  # it went on to clean up; what it calls has no effect
                continue
            self._coroutine = None


class ThreadedCaller:
    """Run a sync function in a thread, which waits for its turn at each call of a real storage."""

    seen: tuple[str, ...] = ()

    def __init__(self, threads: Executor, storage: object, run: Callable[[str, Any], object]) -> None:
        self._threads = threads
        self._storage = storage
        self._run = run
        self._arrived = Semaphore(0)
        self._turn = Semaphore(0)
        self._closed = False
        self._future: Future[None] | None = None
        self.call: Call | None = None
        self.outcome: Outcome | None = None

    def start(self, session_id: str) -> None:
        self._future = self._threads.submit(self._work, session_id)
        self._wait()

    def step(self, fault: Fault) -> None:
        assert fault is Fault.NONE
        self.call = None
        self._turn.release()
        self._wait()

    def close(self) -> None:
        self._closed = True
        self._turn.release()

    def _work(self, session_id: str) -> None:
        try:
            self.outcome = Outcome(self._run(session_id, self))
        finally:
            self._arrived.release()

    def _wait(self) -> None:
        assert self._arrived.acquire(timeout=_PATIENCE), "a caller neither calls its storage nor ends"
        if self.call is None and self.outcome is None:
            assert self._future is not None
            self._future.result(_PATIENCE)  # which raises what the operation raised

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Return a method of the storage, which waits for its turn; this is the storage that the thread is given."""
        method = getattr(self._storage, name)

        def call(*arguments: Any, **options: Any) -> Any:
            waiting = self.call = Call(method, arguments, options)
            self._arrived.release()
            assert self._turn.acquire(timeout=_PATIENCE), "the turn of a caller does not come"
            assert not self._closed, "the run ended before this caller"
            return waiting.perform()

        return call
