"""What the contract says of calls that are cancelled."""

import asyncio
import time
from asyncio import Future
from collections.abc import Coroutine
from dataclasses import dataclass
from random import Random
from typing import Any

from cross_auth._protocols import AsyncSecondaryStorage, SecondaryStorage
from cross_auth.testing import _callers
from cross_auth.testing._index import has_async_index
from cross_auth.testing._laws import clause
from cross_auth.testing._on_loop import OnLoop, run

_KEYS = [f"own {number}" for number in range(16)]
_PATIENCE = 5.0


def calls_survive_cancellation(storage: SecondaryStorage) -> None:
    """Cancel calls at random points, over and over; a sync storage has none that could be cancelled."""
    if isinstance(storage, OnLoop):
        with clause("storage-survives-cancellation"):
            run(_cancel_over_and_over(storage.storage))


@dataclass(frozen=True)
class _Call:
    """A call on its way, and the answers that are its own."""

    name: str
    answer: Future[object]
    own: tuple[object, ...]

    async def check(self, *, may_be_cancelled: bool = False) -> None:
        done, _ = await asyncio.wait([self.answer], timeout=_PATIENCE)
        assert done, f"{self.name}, as calls were cancelled: no answer in {_PATIENCE:g} seconds"
        if may_be_cancelled and (self.answer.cancelled() or self.answer.exception()):
            return
        assert not self.answer.cancelled(), f"{self.name}, which nobody had cancelled: cancelled with other calls"
        found = self.answer.result()
        assert not self.own or found in self.own, (
            f"{self.name}, as calls were cancelled: found {found!r}, wanted {' or '.join(map(repr, self.own))}"
        )


def _call(name: str, answer: Coroutine[Any, Any, object], *own: object) -> _Call:
    """Start a call; without answers of its own any is right."""
    return _Call(name, asyncio.ensure_future(answer), own)


async def _cancel_over_and_over(storage: AsyncSecondaryStorage) -> None:
    random, begin = Random(0), time.perf_counter()  # noqa: S311  the same points in each run
    for key in _KEYS:
        await storage.set(key, key, ttl=60)
        if has_async_index(storage):
            await storage.add(f"user:{key}", key, 60)
    seconds_a_call = (time.perf_counter() - begin) / len(_KEYS)
    turn = 0
    while turn < 4 or time.perf_counter() - begin < _callers.BUDGET:
        calls = [*_writes(storage, random.choice("abc")), *_reads(storage, random.choices(_KEYS, k=9))]
        try:
            await _cancel_some(calls, random, seconds_a_call if turn % 2 else 0)
            for after in _reads(storage, _KEYS):
                await after.check()
        finally:
            for call in calls:
                call.answer.cancel()
        turn += 1


def _reads(storage: AsyncSecondaryStorage, keys: list[str]) -> list[_Call]:
    calls = [_call(f"get({key!r})", storage.get(key), key) for key in keys]
    if has_async_index(storage):
        calls += [_call(f"members('user:{key}')", storage.members(f"user:{key}"), [key]) for key in keys[::2]]
    return calls


def _writes(storage: AsyncSecondaryStorage, key: str) -> list[_Call]:
    calls = [
        _call(f"set({key!r})", storage.set(key, key, ttl=60)),
        _call(f"pop({key!r})", storage.pop(key), key, None),
        _call(f"delete({key!r})", storage.delete(key)),
    ]
    if has_async_index(storage):
        calls += [
            _call(f"add('user:{key}')", storage.add(f"user:{key}", key, 60)),
            _call(f"members('user:{key}')", storage.members(f"user:{key}"), [key], []),
            _call(f"discard('user:{key}')", storage.discard(f"user:{key}", key)),
        ]
    return calls


async def _cancel_some(calls: list[_Call], random: Random, seconds_a_call: float) -> None:
    """Cancel half of the calls, each a few steps of the loop or a part of a call's time after the one before."""
    cancelled = random.sample(calls, len(calls) // 2)
    for call in cancelled:
        await asyncio.sleep(random.uniform(0, seconds_a_call / 2))
        for _ in range(random.randrange(4)):
            await asyncio.sleep(0)
        call.answer.cancel()
    for call in calls:
        await call.check(may_be_cancelled=call in cancelled)
