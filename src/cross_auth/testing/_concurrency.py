"""What the contract says of callers at the same time."""

from itertools import chain

from cross_auth._protocols import AsyncSecondaryStorage, SecondaryStorage
from cross_auth.testing._callers import CALLERS, at_once, turns
from cross_auth.testing._cancellation import calls_survive_cancellation
from cross_auth.testing._clock import close
from cross_auth.testing._index import check_whole, has_index
from cross_auth.testing._index_concurrency import members_are_always_seen, members_are_kept
from cross_auth.testing._laws import clause
from cross_auth.testing._on_loop import AsyncFactory, Factory, as_written, opened


def check_concurrency(factory: Factory) -> None:
    """Raise ``AssertionError`` where threads that use a storage at the same time break the contract.

    ``factory()`` returns a fresh, empty storage.
    The message is the sentence that was broken, and what was found.
    It takes two or three seconds, and some more where a single call takes more than 10 milliseconds.
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
        check_whole(as_written(storage))
        if has_index(storage):
            members_are_kept(storage)
            members_are_always_seen(storage)
        pops_have_one_winner(storage)
        writes_are_kept(storage)
        values_stay_whole(storage)
        calls_survive_cancellation(storage)
    finally:
        close(storage)


def pops_have_one_winner(storage: SecondaryStorage) -> None:
    """Let callers pop the same keys in the same order, over and over."""

    async def pop_all(storage: AsyncSecondaryStorage, caller: int) -> list[str | None]:
        return [await storage.pop(key) for key in keys]

    for _, size in turns():
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

    for turn, size in turns():
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
    for _, size in turns():
        repetitions = range(size)
        with clause("storage-get-returns-what-was-set"):
            for found in chain.from_iterable(at_once(storage, replace)):
                told = "nothing" if found is None else f"{len(found)} characters that no caller had set"
                assert found in values, f"get of a key that others set over and over: found {told}"
