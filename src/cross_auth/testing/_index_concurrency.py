"""What the contract says of callers that use the same sets at the same time."""

from itertools import chain

from cross_auth._protocols import AsyncIndexedStorage, IndexedStorage
from cross_auth.testing._callers import CALLERS, at_once, turns
from cross_auth.testing._index import listed
from cross_auth.testing._laws import clause


def members_are_kept(storage: IndexedStorage) -> None:
    """Let callers add members of their own to the same sets, in the same order, and discard some of them again."""
    kept = [f"kept {caller}" for caller in range(CALLERS)]

    async def change(storage: AsyncIndexedStorage, caller: int) -> None:
        for key in keys:
            await storage.add(key, f"gone {caller}", 60)
            await storage.discard(key, f"gone {caller}")
            await storage.add(key, kept[caller], 60)

    for turn, size in turns():
        keys = [f"user:{turn} {number}" for number in range(size)]
        with clause("storage-index-is-atomic"):
            at_once(storage, change)
            for key in keys:
                found = listed(storage, key)
                assert kept == found, f"{CALLERS} callers changed the set of {key!r}: found {found!r}, wanted {kept!r}"


def members_are_always_seen(storage: IndexedStorage) -> None:
    """Let some callers add and discard members beside one that stays, and others read."""

    async def come_and_go(storage: AsyncIndexedStorage, caller: int) -> list[list[str]]:
        if caller % 2:
            return [await storage.members("user:shared") for _ in repetitions]
        for _ in repetitions:
            await storage.add("user:shared", f"guest {caller}", 60)
            await storage.add("user:shared", "stays", 60)
            await storage.discard("user:shared", f"guest {caller}")
        return []

    storage.add("user:shared", "stays", 60)
    for _, size in turns():
        repetitions = range(size)
        with clause("storage-index-is-atomic"):
            for found in chain.from_iterable(at_once(storage, come_and_go)):
                assert 1 == found.count("stays"), f"members, while others came and went: {found!r} is without 'stays'"
            left = listed(storage, "user:shared")
            assert ["stays"] == left, f"members, after others had come and gone: found {left!r}, wanted ['stays']"
