"""What is done about a call that fails: it is made again where another writer came first, and told otherwise."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from random import random
from typing import TypeVar

import psycopg

from cross_auth.storage._outage import outage

_T = TypeVar("_T")

_FAILURES = (psycopg.Error, OverflowError, UnicodeError)
_TRIES = 10


def pauses() -> Iterator[float]:
    """Yield seconds to wait between tries, half a second in all: who came first may come first again otherwise."""
    for tries in range(1, _TRIES):
        yield random() * 0.001 * 2**tries  # noqa: S311  no secret


def tried(work: Callable[[], _T], *asked: object) -> _T:
    """Return what the work returns; raise ``StorageError`` where it fails, which shows nothing that was asked."""
    left = pauses()
    while True:
        try:
            return work()
        except _FAILURES as error:
            failure = error
        pause = next(left, None)
        if pause is None or not _is_undone(failure):
            break
        time.sleep(pause)
    raise outage("PostgreSQL", failure, asked)


async def tried_async(work: Callable[[], Awaitable[_T]], *asked: object) -> _T:
    """Do the same with work that is awaited."""
    left = pauses()
    while True:
        try:
            return await work()
        except _FAILURES as error:
            failure = error
        pause = next(left, None)
        if pause is None or not _is_undone(failure):
            break
        await asyncio.sleep(pause)
    raise outage("PostgreSQL", failure, asked)


def _is_undone(failure: Exception) -> bool:
    """Tell whether another writer came first and nothing was done, so that it may be asked again."""
    return isinstance(failure, psycopg.errors.SerializationFailure)
