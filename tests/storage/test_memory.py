"""What is true of MemoryStorage alone."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from cross_auth.storage.memory import MemoryStorage
from cross_auth.testing import FakeClock
from cross_auth.testing._laws import law
from tests.budget import DEAD_SESSIONS


def held(storage: MemoryStorage) -> int:
    """Return how many entries a storage keeps in any of its parts."""
    return max(len(storage._entries), len(storage._deadlines))


@law("memory-drains")
def test_sessions_that_are_never_read_again_do_not_stay(clock: FakeClock) -> None:
    """Once they have expired, a thirtieth as many writes is enough to remove them all."""
    storage = MemoryStorage()
    for number in range(DEAD_SESSIONS):
        storage.set(str(number), "value", ttl=60)
    assert DEAD_SESSIONS == held(storage)
    clock.advance(60)
    for _ in range(DEAD_SESSIONS // 30):
        storage.set("new", "value", ttl=60)
    assert held(storage) < 200


@law("memory-drains")
def test_writes_without_a_ttl_remove_expired_entries_too(clock: FakeClock) -> None:
    """What drains a storage is that it is written, not how."""
    storage = MemoryStorage()
    for number in range(1000):
        storage.set(str(number), "value", ttl=60)
    clock.advance(60)
    for _ in range(40):
        storage.set("endless", "value")
    assert held(storage) < 200


@law("memory-drains")
def test_live_entries_are_not_removed_with_the_dead(clock: FakeClock) -> None:
    """Entries with a longer ttl, and those without, outlive the ones that expire between them."""
    storage = MemoryStorage()
    for number in range(100):
        storage.set(f"short {number}", "value", ttl=1)
        storage.set(f"long {number}", "value", ttl=60)
        storage.set(f"endless {number}", "value")
    clock.advance(1)
    for number in range(100):
        storage.set(f"new {number}", "value", ttl=60)
    assert 300 == len(storage._entries)
    assert all(storage.get(f"{kind} {number}") for kind in ("long", "endless", "new") for number in range(100))


@law("memory-drains")
@pytest.mark.parametrize("end", ["delete", "pop", "replace"])
def test_what_is_deleted_or_replaced_leaves_nothing_behind(end: str) -> None:
    """Ten thousand sessions that ended before their time take no room."""
    storage = MemoryStorage()
    for number in range(10_000):
        key = "key" if end == "replace" else str(number)
        storage.set(key, "value", ttl=34_560_000)
        if end != "replace":
            getattr(storage, end)(key)
    assert held(storage) < 200


@law("storage-is-safe-for-threads")
def test_a_reader_never_misses_a_key_that_is_being_replaced() -> None:
    """A read without a lock sees the old value or the new one, whatever other threads write."""
    storage = MemoryStorage()
    storage.set("key", "0", ttl=60)

    def write(_: int) -> None:
        for turn in range(2000):
            storage.set("key", str(turn), ttl=60)

    def read(_: int) -> bool:
        return all(storage.get("key") is not None for _ in range(2000))

    with ThreadPoolExecutor(4) as threads:
        writers = threads.map(write, range(2))
        assert [True, True] == list(threads.map(read, range(2)))
        list(writers)
