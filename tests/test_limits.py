"""The idle limit, what marks activity, and what a session carries beside."""

import json
import logging
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cross_auth import (
    IndexedStorage,
    SessionData,
    create_session,
    delete_session,
    get_session,
    list_sessions,
    renew_session,
    session_handle,
    touch_session,
)
from cross_auth.storage.memory import MemoryStorage
from cross_auth.testing import FakeClock
from cross_auth.testing._laws import law
from tests.watched import Watched

UNKNOWN = "A" * 43
INSTANT = timedelta(microseconds=1)
METADATA = {"device": "Firefox on Linux", "ip": "192.0.2.1", "": "\0 é \U0001f36a"}


@law("create-keeps-options")
def test_the_options_of_a_session_read_as_they_were_given(storage: IndexedStorage) -> None:
    """The idle limit and the metadata come back from every storage to the character."""
    session_id, session = create_session("user", storage, idle_timeout=600, metadata=METADATA)
    assert (600, METADATA) == (session.idle_timeout, session.metadata)
    assert session == get_session(session_id, storage)


@law("create-keeps-options")
@given(metadata=st.dictionaries(st.text(max_size=20), st.text(max_size=60), max_size=16))
def test_any_metadata_that_fit_come_back(metadata: dict[str, str]) -> None:
    """Whatever 16 short texts say, the session has it, as a copy that the caller cannot change."""
    storage = MemoryStorage()
    session_id, session = create_session("user", storage, metadata=metadata)
    given_first = dict(metadata)
    metadata["later"] = "changed"
    assert given_first == session.metadata == (get_session(session_id, storage) or session).metadata


WRONG_IDLE_TIMEOUTS: list[Any] = [0, -1, True, 60.0, "60", 34_560_001]
WRONG_METADATA: list[Any] = [
    [],
    "text",
    {"key": 1},
    {1: "text"},
    {"key": None},
    {"key": "\ud800"},
    {"\ud800": "text"},
    {str(number): "" for number in range(17)},
    {"k": "x" * 4096},
    {"é": "é" * 2048},
]


@law("create-refuses-first")
@pytest.mark.parametrize(
    ("parameter", "value"),
    [*product(["idle_timeout"], WRONG_IDLE_TIMEOUTS), *product(["metadata"], WRONG_METADATA)],
)
def test_wrong_options_are_refused_by_name_and_nothing_is_written(parameter: str, value: Any) -> None:
    """Each wrong option is named and not shown, and the storage is not called."""
    storage: Any = Watched(MemoryStorage())
    with pytest.raises(ValidationError) as caught:
        create_session("user", storage, **{parameter: value})
    assert {parameter} == {error["loc"][0] for error in caught.value.errors()}
    assert [] == storage.calls


@law("create-keeps-options")
@pytest.mark.parametrize("metadata", [{"k": "x" * 4095}, {"é": "é" * 2047}, {str(n): "x" * 254 for n in range(10, 26)}])
def test_the_largest_metadata_fit(metadata: dict[str, str]) -> None:
    """4096 bytes of UTF-8 in 16 texts are taken."""
    _, session = create_session("user", MemoryStorage(), metadata=metadata)
    assert metadata == session.metadata


def test_sessions_have_a_hash_whatever_they_carry() -> None:
    """Equal sessions are one in a set; the metadata take no part in the hash."""
    storage = MemoryStorage()
    session_id, session = create_session("user", storage, metadata=METADATA)
    assert {session} == {session, get_session(session_id, storage)}
    assert 1 == len({*list_sessions("user", storage), *list_sessions("user", storage)})


@law("get-is-dead-when-idle")
@pytest.mark.parametrize(("beside", "live"), [(-INSTANT, True), (timedelta(0), False), (INSTANT, False)])
def test_a_session_that_is_not_touched_is_dead_after_its_idle_limit(
    storage: IndexedStorage, clock: FakeClock, beside: timedelta, live: bool
) -> None:
    """One microsecond before the limit the session lives for every function, and from it on for none."""
    session_id, session = create_session("user", storage, idle_timeout=100)
    clock.move_to(session.created_at + timedelta(seconds=100) + beside)
    found = [
        get_session(session_id, storage) is not None,
        session_handle(session_id) in [info.handle for info in list_sessions("user", storage)],
        touch_session(session_id, storage) is not None,
        renew_session(session_id, storage) is not None,
    ]
    assert [live] * 4 == found


@law("get-is-dead-when-idle", "touch-counts-what-was-written")
@pytest.mark.parametrize(("beside", "live"), [(-INSTANT, True), (timedelta(0), False), (INSTANT, False)])
def test_a_touch_moves_the_idle_limit(storage: IndexedStorage, clock: FakeClock, beside: timedelta, live: bool) -> None:
    """The limit counts from the touch, to the microsecond."""
    session_id, session = create_session("user", storage, idle_timeout=100)
    clock.advance(50)
    touched_at = clock.now()
    assert session == touch_session(session_id, storage)
    clock.move_to(touched_at + timedelta(seconds=100) + beside)
    assert (session if live else None) == get_session(session_id, storage)


@law("get-is-dead-at-expiry")
def test_no_touch_moves_the_absolute_limit(storage: IndexedStorage, clock: FakeClock) -> None:
    """A session that is touched all the time ends at expires_at."""
    session_id, session = create_session("user", storage, 60, idle_timeout=30)
    for _ in range(5):
        clock.advance(11)
        assert session == touch_session(session_id, storage)
    clock.move_to(session.expires_at)
    assert (None, None) == (touch_session(session_id, storage), get_session(session_id, storage))


@law("touch-writes-seldom", "touch-counts-what-was-written")
@pytest.mark.parametrize(("elapsed", "writes"), [(9.999999, 0), (10, 1), (99.999999, 1)])
def test_a_touch_writes_once_a_tenth_of_the_limit_has_passed(
    storage: IndexedStorage, clock: FakeClock, elapsed: float, writes: int
) -> None:
    """Before that it reads twice and writes nothing; what it writes is the time of the touch."""
    session_id, session = create_session("user", storage, idle_timeout=100)
    watched: Any = Watched(storage)
    clock.move_to(session.created_at + timedelta(seconds=elapsed))
    touch_session(session_id, watched)
    assert ["get", "get", *["set"] * writes] == watched.names
    written = [json.loads(call[2]) for call in watched.calls if call[0] == "set"]
    assert [{"handle": session.handle, "at": clock.now()}] * writes == [
        {**each, "at": datetime.fromisoformat(each["at"])} for each in written
    ]
    assert all(call[1] == f"alive:{session.handle}" for call in watched.calls if call[0] == "set")


@law("touch-writes-seldom")
def test_a_hundred_requests_in_one_limit_make_ten_writes(storage: IndexedStorage, clock: FakeClock) -> None:
    """A touch a second for the length of the limit writes every tenth of it."""
    session_id, _ = create_session("user", storage, idle_timeout=100)
    watched: Any = Watched(storage)
    for _ in range(100):
        clock.advance(1)
        touch_session(session_id, watched)
    assert 10 == watched.names.count("set")


@law("touch-writes-seldom", "get-never-writes")
def test_without_an_idle_limit_a_touch_reads_once(storage: IndexedStorage, clock: FakeClock) -> None:
    """There is nothing to mark; get_session reads once as well, and twice with a limit."""
    plain, session = create_session("user", storage)
    limited, _ = create_session("user", storage, idle_timeout=100)
    watched: Any = Watched(storage)
    clock.advance(500)
    assert session == touch_session(plain, watched) == get_session(plain, watched)
    assert get_session(limited, watched) is None
    assert ["get"] * 4 == watched.names


@law("touch-never-revives")
def test_a_touch_after_the_end_writes_nothing(storage: IndexedStorage, clock: FakeClock) -> None:
    """Idle for too long, expired, deleted, unknown or malformed: None, and no write."""
    idle, _ = create_session("user", storage, idle_timeout=10)
    expired, _ = create_session("user", storage, 10, idle_timeout=100)
    deleted, _ = create_session("user", storage, idle_timeout=100)
    delete_session(deleted, storage)
    clock.advance(10)
    watched: Any = Watched(storage)
    assert [None] * 5 == [touch_session(each, watched) for each in (idle, expired, deleted, UNKNOWN, "malformed")]
    assert {"get"} == set(watched.names)


@law("touch-never-revives", "delete-is-final")
def test_a_touch_in_flight_does_not_bring_a_deleted_session_back(storage: IndexedStorage, clock: FakeClock) -> None:
    """The write of a slow touch lands after the logout, and the session stays dead."""
    session_id, _ = create_session("user", storage, idle_timeout=100)
    clock.advance(50)

    slow: Any = Watched(storage, before={"set": lambda: delete_session(session_id, storage)})
    touch_session(session_id, slow)
    assert "set" in slow.names
    assert (None, None) == (get_session(session_id, storage), touch_session(session_id, storage))


@law("touch-never-revives", "touch-counts-what-was-written")
def test_a_write_that_lands_late_counts_from_when_it_was_decided(storage: IndexedStorage, clock: FakeClock) -> None:
    """A touch that waits for the storage until after the limit of its own time leaves the session dead."""
    session_id, _ = create_session("user", storage, idle_timeout=100)
    clock.advance(50)

    slow: Any = Watched(storage, before={"set": lambda: clock.advance(100)})
    touch_session(session_id, slow)
    assert "set" in slow.names
    assert get_session(session_id, storage) is None


@law("get-is-dead-when-idle")
@pytest.mark.parametrize("value", ["", "{", "soon", '{"handle": "other", "at": "2126-01-01T00:00:00Z"}', '{"at": 1}'])
def test_activity_that_cannot_be_read_ends_the_session(value: str, caplog: pytest.LogCaptureFixture) -> None:
    """What is not this session's activity is one warning and no session: nobody stays logged in by mistake."""
    storage = MemoryStorage()
    session_id, session = create_session("user", storage, idle_timeout=100)
    storage.set(f"alive:{session.handle}", value)
    assert get_session(session_id, storage) is None
    assert [("cross_auth", logging.WARNING)] == [record[:2] for record in caplog.record_tuples]


@law("get-is-dead-when-idle")
def test_a_lost_mark_falls_back_to_the_beginning(clock: FakeClock) -> None:
    """Without a mark the limit counts from created_at: a session ends early, never late."""
    storage = MemoryStorage()
    session_id, session = create_session("user", storage, idle_timeout=100)
    clock.advance(60)
    touch_session(session_id, storage)
    storage.delete(f"alive:{session.handle}")
    clock.advance(39)
    assert session == get_session(session_id, storage)
    clock.advance(1)
    assert get_session(session_id, storage) is None


@law("touch-counts-what-was-written")
@pytest.mark.parametrize(
    ("max_age", "idle_timeout", "ttl"), [(600, 100, 3700), (600, 3000, 3600 + 550), (60, 60, 3610)]
)
def test_a_mark_outlives_what_it_counts_for_by_an_hour(max_age: int, idle_timeout: int, ttl: int) -> None:
    """It stays as long as the limit or the session at most, and an hour for clocks that differ."""
    storage: Any = Watched(MemoryStorage())
    with FakeClock() as clock:
        session_id, _ = create_session("user", storage, max_age, idle_timeout=idle_timeout)
        clock.advance(50 if idle_timeout < 3000 else 300)
        touch_session(session_id, storage)
    left = max_age - (50 if idle_timeout < 3000 else 300)
    assert min(idle_timeout, left) + 3600 == storage.calls[-1][3]
    assert ttl >= storage.calls[-1][3]


@law("session-data-ignores-unknown")
def test_a_record_without_the_options_is_read() -> None:
    """A record of a session that has neither limit nor metadata holds neither a null nor a default of them."""
    storage: Any = Watched(MemoryStorage())
    create_session("user", storage)
    record = next(call[2] for call in storage.calls if call[0] == "set")
    assert "idle_timeout" not in json.loads(record)
    assert SessionData.model_validate_json(record).idle_timeout is None
