"""Several callers at the same time: threads for a sync storage, tasks for an async one."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from random import random
from threading import Barrier
from time import sleep
from types import FrameType
from typing import Any, TypeVar

from cross_auth._protocols import AsyncSecondaryStorage, SecondaryStorage
from cross_auth.testing._on_loop import OnLoop, run

T = TypeVar("T")
Work = Callable[[AsyncSecondaryStorage, int], Coroutine[Any, Any, T]]

CALLERS = 4
_PAUSES = 1 / 64
_PAUSE = 1e-5  # seconds


def at_once(storage: SecondaryStorage, work: Work[T]) -> list[T]:
    """Run work, which is told its number, in a few callers that start together, and return what each returned."""
    if isinstance(storage, OnLoop):
        return run(_in_tasks(storage.storage, work))
    return _in_threads(_Stepped(storage), work)


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
            return _step(work(storage, caller))
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
        sleep(_PAUSE)
    return _pause_now_and_then


def _step(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never suspends: one step is all of it."""
    try:
        work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    raise RuntimeError("work over a sync storage suspended")


class _Stepped:
    """A sync storage in the form that work calls."""

    def __init__(self, storage: SecondaryStorage) -> None:
        self._storage = storage

    async def set(self, key: str, value: str, /, ttl: int | None = None) -> object:
        return self._storage.set(key, value, ttl=ttl)

    async def get(self, key: str, /) -> str | None:
        return self._storage.get(key)

    async def delete(self, key: str, /) -> object:
        return self._storage.delete(key)

    async def pop(self, key: str, /) -> str | None:
        return self._storage.pop(key)
