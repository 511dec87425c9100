"""What is true of the sets of MemoryStorage alone."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cross_auth.storage.memory import MemoryStorage
from cross_auth.testing import FakeClock
from cross_auth.testing._laws import law
from tests.budget import DEAD_SESSIONS


@pytest.fixture
def busy_threads() -> Iterator[None]:
    """Switch between threads as often as Python can."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def held(storage: MemoryStorage) -> int:
    """Return how many members, or traces of some, a storage keeps in any of its parts."""
    return max(storage._sets.count, len(storage._sets._members), len(storage._sets.all()), len(storage._deadlines))


@law("memory-drains")
def test_members_that_nobody_asks_for_do_not_stay(clock: FakeClock) -> None:
    """Once they have expired, a thirtieth as many adds is enough to remove them all, and their keys."""
    storage = MemoryStorage()
    for number in range(DEAD_SESSIONS):
        storage.add(f"user:{number}", "member", 60)
    assert DEAD_SESSIONS == held(storage)
    clock.advance(60)
    for _ in range(DEAD_SESSIONS // 30):
        storage.add("user:new", "member", 60)
    assert held(storage) < 200
    assert ["user:new"] == list(storage._sets._members)


@law("memory-drains")
def test_the_dead_members_of_one_key_go_a_few_at_a_time(clock: FakeClock) -> None:
    """No write removes more than 32 of a large set, and any kind of write with a ttl or without removes some."""
    storage = MemoryStorage()
    for number in range(1000):
        storage.add("user", str(number), 60)
    clock.advance(60)
    for turn in range(1, 11):
        storage.set("key", "value")
        assert 1000 - 32 * turn == storage._sets.count
    for _ in range(30):
        storage.add("other", "member", 60)
    assert ["other"] == list(storage._sets._members)


@law("memory-drains")
def test_live_members_are_not_removed_with_the_dead(clock: FakeClock) -> None:
    """Members with a longer ttl, and values, outlive the ones that expire between them."""
    storage = MemoryStorage()
    for number in range(100):
        storage.add(f"user {number % 3}", f"short {number}", 1)
        storage.add(f"user {number % 3}", f"long {number}", 60)
        storage.set(f"value {number}", "value", ttl=60)
    clock.advance(1)
    for _ in range(100):
        storage.add("new", "member", 60)
    assert 101 == storage._sets.count
    assert 100 == sum(len(storage.members(f"user {number}")) for number in range(3))
    assert all(storage.get(f"value {number}") for number in range(100))


@law("memory-drains")
@pytest.mark.parametrize("users", [1, 3, 10_000])
def test_members_that_are_discarded_leave_nothing_behind(users: int) -> None:
    """Ten thousand members that ended before their time take no room, and neither do their keys."""
    storage = MemoryStorage()
    for number in range(10_000):
        storage.add(f"user {number % users}", str(number), 34_560_000)
    for number in range(10_000):
        storage.discard(f"user {number % users}", str(number))
    assert held(storage) < 200
    assert {} == storage._sets._members


@law("memory-drains")
def test_members_that_outlived_many_others_expire_all_the_same(clock: FakeClock) -> None:
    """What is kept of them after the others were forgotten is enough to remove them in time."""
    storage = MemoryStorage()
    for number in range(1000):
        storage.add(f"user {number % 2}", str(number), 60)
    for number in range(100, 1000):
        storage.discard(f"user {number % 2}", str(number))
    assert 100 == storage._sets.count <= len(storage._deadlines) < 300
    clock.advance(60)
    for _ in range(20):
        storage.set("key", "value")
    assert {} == storage._sets._members


@law("memory-drains")
def test_a_set_that_was_large_gives_its_room_back() -> None:
    """Its last members take what the members of a set take that was never larger."""
    storage = MemoryStorage()
    for number in range(10_000):
        storage.add("user", str(number), 60)
    assert sys.getsizeof(storage._sets._members["user"]) > 10_000
    for number in range(9_999):
        storage.discard("user", str(number))
    assert sys.getsizeof(storage._sets._members["user"]) < 64
    assert ["9999"] == storage.members("user")


@law("memory-drains")
def test_a_member_that_is_added_again_and_again_takes_the_room_of_one() -> None:
    """Each add with a longer ttl takes the place of the one before."""
    storage = MemoryStorage()
    for number in range(10_000):
        storage.add("user", "member", 1000 + number)
    assert held(storage) < 200
    assert ["member"] == storage.members("user")


def test_close_forgets_sets() -> None:
    """Nothing of them is held afterwards, and the storage can be used again."""
    storage = MemoryStorage()
    for number in range(40):
        storage.add(f"user {number % 2}", str(number), 60)
    storage.close()
    assert 0 == held(storage)
    storage.add("user 0", "new", 60)
    assert (["new"], []) == (storage.members("user 0"), storage.members("user 1"))


@law("storage-index-has-what-was-added", "storage-index-never-shortens", "storage-index-expires-one-by-one")
@given(
    st.lists(
        st.tuples(st.just("add"), st.integers(0, 30), st.integers(1, 20))
        | st.tuples(st.just("discard"), st.integers(0, 30), st.just(0))
        | st.tuples(st.just("advance"), st.just(0), st.integers(0, 3)),
        max_size=150,
    )
)
def test_sets_that_grow_and_shrink_are_what_a_dictionary_of_deadlines_is(
    steps: list[tuple[str, int, int]],
) -> None:
    """A set that becomes large and small again, and loses members to time, has those that it should."""
    storage, ends = MemoryStorage(), dict[str, int]()
    with FakeClock() as clock:
        now = 0
        for step, number, seconds in [("add", number, 5 + number) for number in range(14)] + steps:
            match step:
                case "add":
                    storage.add("user", str(number), seconds)
                    ends[str(number)] = max(ends.get(str(number), 0), now + seconds)
                case "discard":
                    storage.discard("user", str(number))
                    ends.pop(str(number), None)
                case _:
                    clock.advance(seconds)
                    now += seconds
            ends = {member: end for member, end in ends.items() if now < end}
            assert sorted(ends) == sorted(storage.members("user"))
        assert len(ends) <= storage._sets.count == len(storage._sets.all())


@law("storage-index-is-atomic")
@pytest.mark.usefixtures("busy_threads")
@pytest.mark.parametrize("others", [1, 14, 100])
def test_threads_lose_no_member_and_bring_none_back(others: int) -> None:
    """While threads add and discard beside them, members that stay are in each answer, whatever the size of the set."""
    storage = MemoryStorage()
    stay = [f"stays {number}" for number in range(others)]
    for member in stay:
        storage.add("user", member, 60)

    def change(thread: int) -> None:
        for turn in range(1000):
            storage.add("user", f"{thread} {turn % 4}", 60)
            storage.add("user", stay[turn % others], 60 + turn)
            storage.discard("user", f"{thread} {turn % 4}")
        storage.add("user", f"left by {thread}", 60)

    def read(_: int) -> bool:
        return all(set(stay) <= set(storage.members("user")) for _ in range(1000))

    with ThreadPoolExecutor(6) as threads:
        writers = threads.map(change, range(4))
        assert [True, True] == list(threads.map(read, range(2)))
        list(writers)
    assert sorted(stay + [f"left by {thread}" for thread in range(4)]) == sorted(storage.members("user"))
    assert others + 4 == storage._sets.count
