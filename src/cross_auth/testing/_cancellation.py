"""What the contract says of calls that are cancelled."""

import asyncio
import time
from asyncio import Future
from dataclasses import dataclass
from random import Random

from cross_auth._protocols import AsyncSecondaryStorage, SecondaryStorage
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
    own: tuple[object, ...] | None = None

    async def check(self, *, may_be_cancelled: bool = False) -> None:
        done, _ = await asyncio.wait([self.answer], timeout=_PATIENCE)
        assert done, f"{self.name}, as calls were cancelled: no answer in {_PATIENCE:g} seconds"
        if may_be_cancelled and (self.answer.cancelled() or self.answer.exception()):
            return
        assert not self.answer.cancelled(), f"{self.name}, which nobody had cancelled: cancelled with other calls"
        found = self.answer.result()
        assert self.own is None or found in self.own, (
            f"{self.name}, as calls were cancelled: found {found!r}, wanted {' or '.join(map(repr, self.own))}"
        )


async def _cancel_over_and_over(storage: AsyncSecondaryStorage) -> None:
    random, begin = Random(0), time.perf_counter()  # noqa: S311  the same points in each run
    for key in _KEYS:
        await storage.set(key, key, ttl=60)
    seconds_a_call = (time.perf_counter() - begin) / len(_KEYS)
    turn = 0
    while turn < 4 or time.perf_counter() - begin < 0.5:
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
    return [_Call(f"get({key!r})", asyncio.ensure_future(storage.get(key)), (key,)) for key in keys]


def _writes(storage: AsyncSecondaryStorage, key: str) -> list[_Call]:
    return [
        _Call(f"set({key!r})", asyncio.ensure_future(storage.set(key, key, ttl=60))),
        _Call(f"pop({key!r})", asyncio.ensure_future(storage.pop(key)), (key, None)),
        _Call(f"delete({key!r})", asyncio.ensure_future(storage.delete(key))),
    ]


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
