"""The laws of renewals: a new id for the session, an end of the old one."""

import logging
from datetime import timedelta
from typing import Any

import pytest

from cross_auth import (
    IndexedStorage,
    StorageError,
    create_session,
    delete_session,
    get_session,
    list_sessions,
    renew_session,
    revoke_session,
    revoke_sessions,
    session_handle,
    touch_session,
)
from cross_auth.storage.memory import MemoryStorage
from cross_auth.testing import FakeClock
from cross_auth.testing._laws import law
from tests.watched import Watched

UNKNOWN = "A" * 43


def renewed(session_id: str, storage: IndexedStorage) -> str:
    found = renew_session(session_id, storage)
    assert found is not None
    return found[0]


@law("renew-keeps-the-session")
def test_a_renewed_session_is_the_same_under_another_id(storage: IndexedStorage, clock: FakeClock) -> None:
    """User, times, limits and metadata stay; the id and the handle are new."""
    session_id, session = create_session("user", storage, 600, idle_timeout=100, metadata={"device": "phone"})
    clock.advance(50)
    found = renew_session(session_id, storage)
    assert found is not None
    new_id, new = found
    assert session.model_copy(update={"handle": session_handle(new_id)}) == new == get_session(new_id, storage)
    assert new_id != session_id


@law("renew-keeps-the-session")
def test_a_renewal_counts_as_activity(storage: IndexedStorage, clock: FakeClock) -> None:
    """The idle limit counts from the renewal."""
    session_id, _ = create_session("user", storage, idle_timeout=100)
    clock.advance(99)
    new_id = renewed(session_id, storage)
    clock.advance(99.999999)
    assert get_session(new_id, storage) is not None
    clock.advance(0.000001)
    assert get_session(new_id, storage) is None


@law("renew-ends-the-old")
def test_the_old_id_is_dead_and_so_is_what_is_done_with_it(storage: IndexedStorage) -> None:
    """After a renewal the old id reads as None, and can be neither touched nor renewed."""
    session_id, _ = create_session("user", storage, idle_timeout=100)
    renewed(session_id, storage)
    assert [None] * 3 == [function(session_id, storage) for function in (get_session, touch_session, renew_session)]


@law("renew-has-one-winner", "renew-undoes")
def test_a_renewal_that_another_one_overtakes_leaves_nothing(storage: IndexedStorage) -> None:
    """Of two renewals of one session the slower one returns None, and the winner's session is the only one."""
    session_id, _ = create_session("user", storage)
    winners: list[str] = []
    overtaken: Any = Watched(storage, before={"pop": lambda: winners.append(renewed(session_id, storage))})
    assert renew_session(session_id, overtaken) is None
    assert [session_handle(winners[0])] == [info.handle for info in list_sessions("user", storage)]
    assert get_session(winners[0], storage) is not None


@law("renew-ends-the-old", "delete-is-idempotent")
@pytest.mark.parametrize("session_id", [UNKNOWN, "malformed", ""])
def test_what_is_no_session_cannot_be_renewed(storage: IndexedStorage, session_id: str) -> None:
    """An unknown id and text that cannot be one are None, and nothing is written."""
    watched: Any = Watched(storage)
    assert renew_session(session_id, watched) is None
    assert set(watched.names) <= {"get"}


@law("delete-follows-renewals")
@pytest.mark.parametrize("times", [1, 2, 5])
def test_a_logout_with_an_old_id_ends_what_took_its_place(storage: IndexedStorage, times: int) -> None:
    """A tab that still has the id of before the renewals logs the session out."""
    session_id, _ = create_session("user", storage)
    new_id = session_id
    for _ in range(times):
        new_id = renewed(new_id, storage)
    delete_session(session_id, storage)
    assert get_session(new_id, storage) is None
    assert [] == list_sessions("user", storage)


@law("delete-follows-renewals", "renew-undoes")
@pytest.mark.parametrize("before", ["add", "set", "pop", "discard"])
def test_a_logout_during_a_renewal_ends_both(storage: IndexedStorage, before: str) -> None:
    """Wherever the renewal is when the user logs out, no session is left."""
    session_id, _ = create_session("user", storage)
    slow: Any = Watched(storage, before={before: lambda: delete_session(session_id, storage)})
    found = renew_session(session_id, slow)
    assert {} == slow.before
    assert found is None or get_session(found[0], storage) is None
    assert [] == list_sessions("user", storage)


@law("revoke-ends-that-session", "delete-follows-renewals")
def test_a_revocation_by_the_old_handle_ends_what_took_its_place(storage: IndexedStorage) -> None:
    """A list that was shown before the renewal still ends the session."""
    session_id, session = create_session("user", storage)
    new_id = renewed(session_id, storage)
    assert revoke_session("user", session.handle or "", storage)
    assert get_session(new_id, storage) is None


@law("delete-forgets")
def test_renewals_do_not_grow_the_index(storage: IndexedStorage) -> None:
    """After many renewals the index has one member, and none after the logout."""
    session_id, _ = create_session("user", storage)
    (key,) = {call[1] for call in _calls_of_create(storage)}
    for _ in range(10):
        session_id = renewed(session_id, storage)
    assert 1 == len([each for each in storage.members(key) if each == session_handle(session_id)])
    revoke_sessions("user", storage)
    assert [] == storage.members(key)


def _calls_of_create(storage: IndexedStorage) -> list[tuple[Any, ...]]:
    watched: Any = Watched(storage)
    session_id, _ = create_session("user", watched)
    delete_session(session_id, storage)
    return [call for call in watched.calls if call[0] == "add"]


@law("renew-keeps-the-session")
def test_what_a_renewal_writes_lives_no_longer_than_the_session(clock: FakeClock) -> None:
    """The record has what is left as its ttl, rounded up; the entries beside it an hour more."""
    storage: Any = Watched(MemoryStorage())
    session_id, _ = create_session("user", storage, 600)
    storage.calls.clear()
    clock.advance(99.5)
    renew_session(session_id, storage)
    ttls = [(call[0], call[1].partition(":")[0], call[3]) for call in storage.calls if call[0] in ("add", "set")]
    assert [("add", "user", 4101), ("set", "session", 501), ("add", "next", 4101)] == ttls


@law("renew-undoes", "outage-raises")
@pytest.mark.parametrize("failing", ["add", "set", "pop", "discard"])
def test_a_renewal_that_fails_raises_and_leaves_no_new_session(failing: str) -> None:
    """An error at any call comes through; the old session may live on, a new one does not."""
    storage = MemoryStorage()
    session_id, _ = create_session("user", storage)
    failed: Any = Watched(storage, failing={failing: StorageError("down")})
    with pytest.raises(StorageError, match="down"):
        renew_session(session_id, failed)
    live = {info.handle for info in list_sessions("user", storage)}
    assert live <= ({session_handle(session_id)} if failing != "pop" else live)


@law("id-is-never-shown", "id-is-never-stored")
def test_a_renewal_is_logged_by_its_handles_alone(storage: IndexedStorage, caplog: pytest.LogCaptureFixture) -> None:
    """One INFO line has the first 12 digits of both handles; no call of the storage has an id."""
    session_id, session = create_session("user", storage)
    caplog.set_level(logging.INFO)
    watched: Any = Watched(storage)
    new_id = renewed(session_id, watched)
    line = f"session {(session.handle or '')[:12]}: renewed as {session_handle(new_id)[:12]}"
    assert [("cross_auth", logging.INFO, line)] == caplog.record_tuples
    assert not any(each in f"{watched.calls}{caplog.text}" for each in (session_id, new_id))


@law("renew-keeps-the-session")
def test_a_renewal_just_before_the_end_has_a_ttl(storage: IndexedStorage, clock: FakeClock) -> None:
    """A microsecond before expires_at the record is written for a second, and dead with the session."""
    session_id, session = create_session("user", storage, 60)
    clock.move_to(session.expires_at - timedelta(microseconds=1))
    new_id = renewed(session_id, storage)
    clock.advance(0.000001)
    assert get_session(new_id, storage) is None
