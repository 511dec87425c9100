"""What the contract says of callers at the same time."""

import time
from collections.abc import Iterator
from itertools import chain, count

from cross_auth._protocols import AsyncSecondaryStorage, SecondaryStorage
from cross_auth.testing._callers import CALLERS, at_once
from cross_auth.testing._cancellation import calls_survive_cancellation
from cross_auth.testing._clock import close
from cross_auth.testing._laws import clause
from cross_auth.testing._on_loop import AsyncFactory, Factory, opened

_LARGEST_TURN = 256


def check_concurrency(factory: Factory) -> None:
    """Raise ``AssertionError`` where threads that use a storage at the same time break the contract.

    ``factory()`` returns a fresh, empty storage.
    The message is the sentence that was broken, and what was found.
    It takes two seconds or so, and some more where a single call takes more than 10 milliseconds.
    """
    _check(factory())


def check_async_concurrency(factory: AsyncFactory) -> None:
    """Raise ``AssertionError`` where tasks that use a storage at the same time, or are cancelled, break the contract.

    As ``check_concurrency``; ``factory`` may be a coroutine function.
    The storage is made, used and closed on an event loop in a thread of its own.
    """
    _check(opened(factory))


def _check(storage: SecondaryStorage) -> None:
    try:
        pops_have_one_winner(storage)
        writes_are_kept(storage)
        values_stay_whole(storage)
        calls_survive_cancellation(storage)
    finally:
        close(storage)


def _turns() -> Iterator[tuple[int, int]]:
    """Yield turns and how many keys to use in each, for half a second of work or a second of waiting.

    Few keys at first, and more only as long as calls are fast.
    """
    size, begin, work = 8, time.perf_counter(), time.process_time()
    for turn in count():
        turn_began = time.perf_counter()
        yield turn, size
        now = time.perf_counter()
        if now - begin > 1 or time.process_time() - work > 0.5:
            return
        if now - turn_began < 0.05:
            size = min(2 * size, _LARGEST_TURN)


def pops_have_one_winner(storage: SecondaryStorage) -> None:
    """Let callers pop the same keys in the same order, over and over."""

    async def pop_all(storage: AsyncSecondaryStorage, caller: int) -> list[str | None]:
        return [await storage.pop(key) for key in keys]

    for _, size in _turns():
        keys = [f"pop {number}" for number in range(size)]
        for key in keys:
            storage.set(key, key, ttl=60)
        with clause("storage-pop-has-one-winner"):
            for key, *answers in zip(keys, *at_once(storage, pop_all), strict=True):
                won = [answer for answer in answers if answer is not None]
                assert [key] == won, f"{CALLERS} callers popped {key!r}: found {won!r}, wanted its value once, {key!r}"


def writes_are_kept(storage: SecondaryStorage) -> None:
    """Let each caller set keys of its own, read each back, and delete the first of them."""
    deleted: list[str] = []

    async def write(storage: AsyncSecondaryStorage, caller: int) -> list[str | None]:
        found = []
        for key in keys[caller]:
            await storage.set(key, key, ttl=60)
            found.append(await storage.get(key))
        await storage.delete(keys[caller][0])
        return found

    for turn, size in _turns():
        keys = [[f"write {turn} {caller} {number}" for number in range(size)] for caller in range(CALLERS)]
        deleted += [gone for gone, *_ in keys]
        with clause("storage-is-safe-for-threads"):
            own = list(chain.from_iterable(at_once(storage, write)))
            for key, found in zip(chain.from_iterable(keys), own, strict=True):
                assert key == found, f"get of {key!r}, by the one of {CALLERS} callers that had set it: {found!r}"
            for key in chain.from_iterable(kept for _, *kept in keys):
                found = storage.pop(key)
                assert key == found, f"pop of {key!r}, after one of {CALLERS} callers had set it: {found!r}"
            for key in deleted:
                found = storage.get(key)
                assert found is None, f"get of {key!r}, after one of {CALLERS} callers had deleted it: {found!r}"


def values_stay_whole(storage: SecondaryStorage) -> None:
    """Let some callers replace the value of one key, and others read it."""
    values = [str(caller) * 2000 * (caller + 1) for caller in range(CALLERS)]

    async def replace(storage: AsyncSecondaryStorage, caller: int) -> list[str | None]:
        if caller % 2:
            return [await storage.get("shared") for _ in repetitions]
        for _ in repetitions:
            await storage.set("shared", values[caller], ttl=60)
        return []

    storage.set("shared", values[0], ttl=60)
    for _, size in _turns():
        repetitions = range(size)
        with clause("storage-get-returns-what-was-set"):
            for found in chain.from_iterable(at_once(storage, replace)):
                told = "nothing" if found is None else f"{len(found)} characters that no caller had set"
                assert found in values, f"get of a key that others set over and over: found {told}"
