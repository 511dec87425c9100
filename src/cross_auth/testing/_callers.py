"""Several callers at the same time: threads for a sync storage, tasks for an async one."""

import asyncio
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from random import random
from threading import Barrier
from types import FrameType
from typing import Any, TypeVar

from cross_auth._protocols import AsyncSecondaryStorage, SecondaryStorage
from cross_auth._stepped import awaitable
from cross_auth._stepped import run as step
from cross_auth.testing._on_loop import OnLoop, run

T = TypeVar("T")
Work = Callable[[Any, int], Coroutine[Any, Any, T]]  # it is given an async storage, with sets if the storage has them

BUDGET = 0.5  # seconds of work that a check may take, or half the seconds of waiting
CALLERS = 4
_LARGEST_TURN = 256
_PAUSES = 1 / 64
_PAUSE = 1e-5  # seconds


def turns() -> Iterator[tuple[int, int]]:
    """Yield turns and how many keys to use in each, until the budget is spent.

    Few keys at first, and more only as long as calls are fast.
    """
    size, begin, work = 8, time.perf_counter(), time.process_time()
    for turn in count():
        turn_began = time.perf_counter()
        yield turn, size
        now = time.perf_counter()
        if now - begin > 2 * BUDGET or time.process_time() - work > BUDGET:
            return
        if now - turn_began < 0.05:
            size = min(2 * size, _LARGEST_TURN)


def at_once(storage: SecondaryStorage, work: Work[T]) -> list[T]:
    """Run work, which is told its number, in a few callers that start together, and return what each returned."""
    if isinstance(storage, OnLoop):
        return run(_in_tasks(storage.storage, work))
    return _in_threads(awaitable(storage), work)


async def _in_tasks(storage: AsyncSecondaryStorage, work: Work[T]) -> list[T]:
    return await asyncio.gather(*(work(storage, caller) for caller in range(CALLERS)))


def _in_threads(storage: AsyncSecondaryStorage, work: Work[T]) -> list[T]:
    """Switch between the threads as often as Python can, and leave them in the middle of the storage's calls.

    A thread that sleeps lets others run, also where other processes keep the machine's cores busy.
    """
    start, interval = Barrier(CALLERS), sys.getswitchinterval()

    def begin(caller: int) -> T:
        start.wait()
        tracer = sys.gettrace()
        sys.settrace(_pause_now_and_then)
        try:
            return step(work(storage, caller))
        finally:
            sys.settrace(tracer)

    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(CALLERS) as threads:
            return list(threads.map(begin, range(CALLERS)))
    finally:
        sys.setswitchinterval(interval)


def _pause_now_and_then(frame: FrameType, event: str, argument: object) -> Any:
    """Sleep before one line in some dozens, as a trace function."""
    if event == "line" and random() < _PAUSES:  # noqa: S311  no secret is made of it
        time.sleep(_PAUSE)
    return _pause_now_and_then
