"""Async storages of sets: a right one, and some that break the contract."""

import asyncio
from asyncio import Queue
from typing import Any

from tests.meta.mutants_async import AsyncPlain
from tests.meta.mutants_plain import IndexedPlain


class AsyncIndexedPlain(AsyncPlain):
    """The plain storage of sets behind a network: each call suspends before and after."""

    def __init__(self) -> None:
        self.plain: IndexedPlain = IndexedPlain()

    async def add(self, key: str, member: str, ttl: int, /) -> None:
        await asyncio.sleep(0)
        self.plain.add(key, member, ttl)
        await asyncio.sleep(0)

    async def members(self, key: str, /) -> list[str]:
        await asyncio.sleep(0)
        found = self.plain.members(key)
        await asyncio.sleep(0)
        return found

    async def discard(self, key: str, member: str, /) -> None:
        await asyncio.sleep(0)
        self.plain.discard(key, member)
        await asyncio.sleep(0)


class AsyncKeepsMembersForEver(AsyncIndexedPlain):
    """Ignores the ttl of a member."""

    async def add(self, key: str, member: str, ttl: int, /) -> None:
        await super().add(key, member, 10**12)


class IndexIsNotAsync(AsyncPlain):
    """Has three methods of the index that answer at once."""

    def __init__(self) -> None:
        self.plain: IndexedPlain = IndexedPlain()

    def add(self, key: str, member: str, ttl: int, /) -> None:
        self.plain.add(key, member, ttl)

    def members(self, key: str, /) -> list[str]:
        return self.plain.members(key)

    def discard(self, key: str, member: str, /) -> None:
        self.plain.discard(key, member)


class DiscardIsNotAsync(AsyncIndexedPlain):
    """Has one method of the index that answers at once."""

    def discard(self, key: str, member: str, /) -> Any:
        self.plain.discard(key, member)


class AsyncLacksMembers(AsyncPlain):
    """Wraps a storage and passes two of the three methods on."""

    def __init__(self) -> None:
        self.plain: IndexedPlain = IndexedPlain()

    async def add(self, key: str, member: str, ttl: int, /) -> None:
        self.plain.add(key, member, ttl)

    async def discard(self, key: str, member: str, /) -> None:
        self.plain.discard(key, member)


class AsyncLosesAdds(AsyncIndexedPlain):
    """Reads a set, suspends, and writes it back with one member more."""

    async def add(self, key: str, member: str, ttl: int, /) -> None:
        copy = dict(self.plain.sets.get(key, {}))
        copy[member] = max(copy.get(member, 0), self.plain.now() + ttl)
        await asyncio.sleep(0)
        self.plain.sets[key] = copy


class MembersOfTheNextCaller(AsyncIndexedPlain):
    """Has one connection, and leaves the members of a call that was cancelled in it for the next one."""

    def __init__(self) -> None:
        super().__init__()
        self.lock = asyncio.Lock()
        self.answers: Queue[list[str]] = Queue()

    async def members(self, key: str, /) -> list[str]:
        async with self.lock:
            asyncio.get_running_loop().call_soon(self.answers.put_nowait, self.plain.members(key))
            return await self.answers.get()
