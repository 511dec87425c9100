"""A thread as a caller: it runs a sync function, and waits for its turn at each call of a real storage."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from threading import Semaphore
from typing import Any

from tests.races.callers import Outcome
from tests.races.calls import Call, Fault

_PATIENCE = 60.0


class ThreadedCaller:
    """Run a sync function in a thread, over itself in the place of the storage."""

    def __init__(self, threads: Executor, storage: object, run: Callable[[Any, str], object]) -> None:
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

    def step(self, fault: Fault, storage: object) -> None:
        assert (fault, storage) == (Fault.NONE, self._storage)
        self.call = None
        self._turn.release()
        self._wait()

    def close(self) -> None:
        self._closed = True
        self._turn.release()

    def _work(self, session_id: str) -> None:
        try:
            self.outcome = Outcome(self._run(self, session_id))
        finally:
            self._arrived.release()

    def _wait(self) -> None:
        assert self._arrived.acquire(timeout=_PATIENCE), "a caller neither calls its storage nor ends"
        if self.call is None and self.outcome is None:
            assert self._future is not None
            self._future.result(_PATIENCE)  # which raises what the operation raised

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Return a method of the storage, which waits for its turn; this is the storage that the thread is given."""
        getattr(self._storage, name)

        def call(*arguments: Any, **options: Any) -> Any:
            waiting = self.call = Call(name, arguments, options)
            self._arrived.release()
            assert self._turn.acquire(timeout=_PATIENCE), "the turn of a caller does not come"
            assert not self._closed, "the run ended before this caller"
            return waiting.perform(self._storage)

        return call
