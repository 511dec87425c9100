"""Async storages: a right one, and some that break the contract."""

import asyncio
from asyncio import Future, Queue
from typing import Any

from tests.meta.mutants_plain import Plain


class AsyncPlain:
    """The plain storage behind a network: each call suspends before and after."""

    def __init__(self) -> None:
        self.plain = Plain()

    async def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        await asyncio.sleep(0)
        self.plain.set(key, value, ttl=ttl)
        await asyncio.sleep(0)

    async def get(self, key: str, /) -> str | None:
        await asyncio.sleep(0)
        found = self.plain.get(key)
        await asyncio.sleep(0)
        return found

    async def delete(self, key: str, /) -> None:
        await asyncio.sleep(0)
        self.plain.delete(key)
        await asyncio.sleep(0)

    async def pop(self, key: str, /) -> str | None:
        await asyncio.sleep(0)
        found = self.plain.pop(key)
        await asyncio.sleep(0)
        return found


class AsyncPopIsNotAtomic(AsyncPlain):
    """Looks first, suspends, and removes then."""

    async def pop(self, key: str, /) -> str | None:
        value = await self.get(key)
        await self.delete(key)
        return value


class AsyncLosesWrites(AsyncPlain):
    """Changes a copy, suspends, and puts it in place."""

    async def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        copy = Plain()
        copy.entries = dict(self.plain.entries)
        copy.set(key, value, ttl=ttl)
        await asyncio.sleep(0)
        self.plain = copy


class AsyncIgnoresTtl(AsyncPlain):
    """Keeps every key for ever."""

    async def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        await super().set(key, value)


class IsNotAsync(Plain):
    """Has four methods that answer at once."""


class GetIsNotAsync(AsyncPlain):
    """Has one method that answers at once."""

    def get(self, key: str, /) -> Any:
        return self.plain.get(key)


class AnswersTheNextCaller(AsyncPlain):
    """Has one connection, and leaves the answer to a call that was cancelled in it for the next one."""

    def __init__(self) -> None:
        super().__init__()
        self.lock = asyncio.Lock()
        self.answers: Queue[str | None] = Queue()

    async def get(self, key: str, /) -> str | None:
        async with self.lock:
            asyncio.get_running_loop().call_soon(self.answers.put_nowait, self.plain.get(key))
            return await self.answers.get()


class KeepsItsLock(AsyncPlain):
    """Takes a lock, and does not release it where the call is cancelled."""

    def __init__(self) -> None:
        super().__init__()
        self.lock = asyncio.Lock()

    async def get(self, key: str, /) -> str | None:
        await self.lock.acquire()
        found = await super().get(key)
        self.lock.release()
        return found


class CancelsItsNeighbours(AsyncPlain):
    """Lets those who ask for a key at the same time wait for one answer, which any of them can cancel."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: dict[str, Future[str | None]] = {}

    async def get(self, key: str, /) -> str | None:
        if key not in self.asked:
            self.asked[key] = asyncio.ensure_future(super().get(key))
            self.asked[key].add_done_callback(lambda _: self.asked.pop(key))
        return await self.asked[key]
