"""What a set is in Redis: a sorted set that is scored by the server's time, and gone with its last member."""

from collections.abc import Iterator

import pytest

from cross_auth.storage.redis import RedisStorage
from cross_auth.testing import FakeClock
from cross_auth.testing._laws import law
from tests.servers.redis_server import advance_storage, client_of, fresh_database
from tests.storages import REDIS

pytestmark = REDIS.skip

LONGEST = 10**12


@pytest.fixture
def storage() -> Iterator[RedisStorage]:
    with RedisStorage.from_url(fresh_database()) as opened:
        yield opened


def milliseconds(storage: RedisStorage) -> int:
    """Return what the server's clock shows."""
    seconds, microseconds = client_of(storage).time()
    return int(seconds * 1000 + microseconds // 1000)


def bury(storage: RedisStorage, number: int) -> None:
    """Put members into the set that have expired long ago."""
    client_of(storage).zadd("key", {f"dead {each}": each for each in range(number)})


@law("storage-index-expires-one-by-one")
@pytest.mark.parametrize("ttl", [1, 86_400, LONGEST])
def test_a_member_is_scored_by_the_servers_clock(storage: RedisStorage, ttl: int) -> None:
    """A score is the millisecond that the member ends in, to the digit, whatever the clock of this process shows."""
    with FakeClock() as clock:
        clock.advance(1_000_000)
        begin = milliseconds(storage)
        storage.add("key", "member", ttl)
        end = milliseconds(storage)
    score = client_of(storage).zscore("key", "member")
    assert score == int(score)
    assert begin <= score - ttl * 1000 <= end


@law("storage-index-expires-one-by-one")
def test_a_member_that_has_not_left_yet_is_not_returned(storage: RedisStorage) -> None:
    """What counts is the server's clock, whatever the set still holds."""
    storage.add("key", "live", 60)
    bury(storage, 3)
    assert (["live"], 4) == (storage.members("key"), client_of(storage).zcard("key"))


@law("storage-index-never-shortens")
@pytest.mark.parametrize("ttls", [[60, 600], [600, 60], [LONGEST, 1], [60, 60]])
def test_a_key_expires_with_its_longest_lived_member(storage: RedisStorage, ttls: list[int]) -> None:
    """Its expiry is that member's score, whichever came first."""
    for number, ttl in enumerate(ttls):
        storage.add("key", f"member {number}", ttl)
    ((_, last),) = client_of(storage).zrange("key", -1, -1, withscores=True)
    assert last == client_of(storage).pexpiretime("key")


@law("storage-index-never-shortens")
def test_a_member_that_is_added_for_less_keeps_its_score(storage: RedisStorage) -> None:
    """So does the key its expiry."""
    storage.add("key", "member", 600)
    client = client_of(storage)
    before = (client.zscore("key", "member"), client.pexpiretime("key"))
    storage.add("key", "member", 60)
    assert before == (client.zscore("key", "member"), client.pexpiretime("key"))


@law("storage-index-never-shortens")
def test_a_key_without_expiry_gets_one(storage: RedisStorage) -> None:
    """What PERSIST or a tool has left without is not there for ever."""
    storage.add("key", "member", 600)
    client_of(storage).persist("key")
    storage.add("key", "other", 60)
    assert client_of(storage).zscore("key", "member") == client_of(storage).pexpiretime("key")


@law("storage-index-expires-one-by-one")
def test_a_member_is_gone_from_the_millisecond_that_it_ends_in(storage: RedisStorage) -> None:
    """Asked within one millisecond of the server's clock, a set has what ends after it and nothing else."""
    begin, end = 0, 1
    while begin != end:
        now = milliseconds(storage)
        client_of(storage).zadd("key", {str(each): each for each in range(now - 2, now + 50)})
        begin, found, end = milliseconds(storage), storage.members("key"), milliseconds(storage)
    assert [str(each) for each in range(begin + 1, now + 50)] == sorted(found)


@law("storage-index-expires-one-by-one")
def test_dead_members_leave_as_others_are_added(storage: RedisStorage) -> None:
    """The set is as large as what is alive in it."""
    for name, ttl in (("dead soon", 60), ("live", 600)):
        storage.add("key", name, ttl)
    advance_storage(storage, 60)
    storage.add("key", "new", 60)
    assert [b"new", b"live"] == client_of(storage).zrange("key", 0, -1)


@law("storage-index-expires-one-by-one")
def test_a_set_is_gone_by_itself(storage: RedisStorage) -> None:
    """Nothing is left once the last member has expired, though nobody adds or asks."""
    for ttl in (600, 60):
        storage.add("key", f"member for {ttl}", ttl)
    advance_storage(storage, 599)
    assert 1 == client_of(storage).exists("key")
    advance_storage(storage, 1)
    assert 0 == client_of(storage).exists("key")


@law("redis-drains")
def test_many_dead_members_leave_a_thousand_at_a_time(storage: RedisStorage) -> None:
    """No call keeps the server from the others for long, and a backlog goes faster than it came."""
    bury(storage, 2500)
    sizes = []
    for number in range(4):
        storage.add("key", f"live {number}", 60)
        sizes.append(client_of(storage).zcard("key"))
    assert [1501, 502, 3, 4] == sizes


@law("storage-index-has-what-was-added")
def test_a_dead_member_that_is_added_again_takes_no_other_with_it(storage: RedisStorage) -> None:
    """It is counted among the living before the dead ones leave."""
    storage.add("key", "live", 60)
    bury(storage, 1)
    storage.add("key", "dead 0", 600)
    assert ["dead 0", "live"] == sorted(storage.members("key"))


@law("storage-index-has-what-was-added", "storage-index-discard-is-quiet")
def test_a_set_of_a_thousand_members(storage: RedisStorage) -> None:
    """All are returned, and all but those that are discarded."""
    names = [f"{number:064x}" for number in range(1000)]
    for name in names:
        storage.add("key", name, 60)
    assert names == sorted(storage.members("key"))
    for name in names[::2]:
        storage.discard("key", name)
    assert names[1::2] == sorted(storage.members("key"))


@law("storage-index-discard-is-quiet")
def test_the_last_member_takes_the_key_with_it(storage: RedisStorage) -> None:
    """Nothing is left of a set that is empty."""
    storage.add("key", "member", 60)
    storage.discard("key", "member")
    assert 0 == client_of(storage).exists("key")


@law("storage-index-is-exact")
def test_the_prefix_stands_before_keys_and_not_before_members(storage: RedisStorage) -> None:
    """Two prefixes on one server share no set."""
    one, other = (RedisStorage(client_of(storage), prefix=prefix) for prefix in ("a:", "b:"))
    one.add("key", "member", 60)
    other.discard("key", "member")
    assert (["member"], []) == (one.members("key"), other.members("key"))
    assert [b"member"] == client_of(storage).zrange("a:key", 0, -1)
