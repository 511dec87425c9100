"""The laws of the functions on the sessions of a user: list them, end one, end all."""

import logging
from functools import partial
from hashlib import sha256
from typing import Any

import pytest
from pydantic import ValidationError

from cross_auth import (
    IndexedStorage,
    SessionInfo,
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
from cross_auth.storage.memory import AsyncMemoryStorage, MemoryStorage
from cross_auth.testing import FakeClock
from cross_auth.testing._laws import law
from tests.doubles import Recorder
from tests.watched import Watched

UNKNOWN = "A" * 43
KEY = f"user:{sha256(b'user').hexdigest()}"


def handles(user_id: str, storage: IndexedStorage) -> list[str]:
    return [info.handle for info in list_sessions(user_id, storage)]


@law("create-indexes-first")
def test_the_index_entry_comes_before_the_record_and_stays_longer(storage: IndexedStorage) -> None:
    """It is written first, under the hash of the user's id, for an hour more than the record."""
    watched: Any = Watched(storage)
    _, session = create_session("user", watched, 600)
    assert [("add", KEY, session.handle, 4200), ("set", f"session:{session.handle}", 600)] == [
        call if call[0] == "add" else (*call[:2], call[3]) for call in watched.calls
    ]


@law("create-indexes-first", "list-has-every-live-session")
def test_a_login_that_fails_after_its_index_entry_is_not_listed(storage: IndexedStorage) -> None:
    """The entry of a session whose record was not written is no session."""
    failing: Any = Watched(storage, failing={"set": StorageError("down")})
    with pytest.raises(StorageError, match="down"):
        create_session("user", failing)
    assert [] == list_sessions("user", storage)
    assert 0 == revoke_sessions("user", storage)


@law("list-has-every-live-session", "list-is-newest-first")
def test_a_user_sees_every_session_newest_first(storage: IndexedStorage, clock: FakeClock) -> None:
    """Each entry says what the user may know of the session."""
    expected: list[SessionInfo] = []
    for device in ("phone", "laptop", "tablet"):
        _, session = create_session("user", storage, 600, metadata={"device": device})
        info = SessionInfo(
            handle=session.handle or "",
            created_at=session.created_at,
            expires_at=session.expires_at,
            last_active_at=session.created_at,
            metadata={"device": device},
        )
        expected.insert(0, info)
        clock.advance(1)
    assert expected == list_sessions("user", storage)


@law("list-has-every-live-session")
def test_the_last_activity_is_that_of_the_last_touch(storage: IndexedStorage, clock: FakeClock) -> None:
    """A touch, and a renewal, show in the list."""
    session_id, session = create_session("user", storage, idle_timeout=100)
    clock.advance(50)
    touch_session(session_id, storage)
    touched_at = clock.now()
    clock.advance(5)
    assert [(touched_at, session.created_at)] == [
        (info.last_active_at, info.created_at) for info in list_sessions("user", storage)
    ]
    renew_session(session_id, storage)
    assert [clock.now()] == [info.last_active_at for info in list_sessions("user", storage)]


@law("list-has-no-other")
def test_what_has_ended_is_not_listed_nor_what_is_anothers(storage: IndexedStorage, clock: FakeClock) -> None:
    """Expired, idle, deleted, renewed and revoked sessions are gone from the list; other users have their own."""
    create_session("user", storage, 10)
    create_session("user", storage, idle_timeout=10)
    deleted, _ = create_session("user", storage)
    delete_session(deleted, storage)
    old, _ = create_session("user", storage)
    renewed = renew_session(old, storage)
    assert renewed is not None
    _, revoked = create_session("user", storage)
    revoke_session("user", revoked.handle or "", storage)
    theirs, _ = create_session("users", storage)
    create_session("User", storage)
    clock.advance(10)
    assert [session_handle(renewed[0])] == handles("user", storage)
    assert [session_handle(theirs)] == handles("users", storage)
    assert [] == list_sessions("nobody", storage)


@law("list-has-no-other")
def test_an_index_that_names_another_users_session_does_not_show_it(storage: IndexedStorage) -> None:
    """The record says whose session it is, whatever the index holds."""
    _, theirs = create_session("another", storage)
    storage.add(KEY, theirs.handle or "", 60)
    assert [] == list_sessions("user", storage)


@law("list-reads-twice")
@pytest.mark.parametrize(("idle_timeout", "reads"), [(None, 1), (100, 2)])
def test_a_list_reads_each_session_once_or_twice(storage: IndexedStorage, idle_timeout: int | None, reads: int) -> None:
    """The calls grow with the number of sessions, and none of them writes."""
    for _ in range(5):
        create_session("user", storage, idle_timeout=idle_timeout)
    watched: Any = Watched(storage)
    assert 5 == len(list_sessions("user", watched))
    assert ["members", *["get"] * 5 * reads] == watched.names


@law("revoke-all-ends-all")
def test_a_revocation_takes_two_calls_a_session(storage: IndexedStorage) -> None:
    """Each record is popped and its member discarded; the index is read once more at the end."""
    for _ in range(5):
        create_session("user", storage)
    watched: Any = Watched(storage)
    assert 5 == revoke_sessions("user", watched)
    assert ["members", *["pop", "discard"] * 5, "members"] == watched.names


@law("handle-is-of-the-id")
def test_the_handle_of_an_id_tells_which_entry_is_this_session(storage: IndexedStorage) -> None:
    """It is the handle of the data and of the entry."""
    session_id, session = create_session("user", storage)
    create_session("user", storage)
    assert session.handle == session_handle(session_id)
    assert 1 == handles("user", storage).count(session_handle(session_id))


@law("handle-is-of-the-id", "id-is-never-shown")
@pytest.mark.parametrize("text", ["", "SECRET", "A" * 44, "é" * 43, None, 7, b"A" * 43])
def test_what_cannot_be_an_id_has_no_handle(text: Any) -> None:
    """It is refused by name, and not shown."""
    with pytest.raises(ValidationError, match="session_id") as caught:
        session_handle(text)
    assert "SECRET" not in f"{caught.value} {caught.value.errors()} {caught.value.json()}"


@law("revoke-ends-that-session")
def test_a_revoked_session_is_gone_and_the_others_stay(storage: IndexedStorage) -> None:
    """After revoke_session the id reads as None; another session of the user lives on."""
    session_id, session = create_session("user", storage, idle_timeout=100)
    other_id, other = create_session("user", storage)
    assert revoke_session("user", session.handle or "", storage) is True
    assert (None, other) == (get_session(session_id, storage), get_session(other_id, storage))
    assert revoke_session("user", session.handle or "", storage) is False


@law("revoke-is-for-the-owner")
def test_nobody_ends_the_session_of_another_user(storage: IndexedStorage) -> None:
    """A handle that a user has seen somewhere is of no use to them, also once the session was renewed."""
    session_id, session = create_session("user", storage)
    assert revoke_session("another", session.handle or "", storage) is False
    renewed = renew_session(session_id, storage)
    assert renewed is not None
    assert revoke_session("another", session.handle or "", storage) is False
    assert get_session(renewed[0], storage) is not None


@law("revoke-is-for-the-owner")
@pytest.mark.parametrize(
    "handle", ["", "0" * 63, "A" * 64, "0" * 65, "é" * 64, "session:" + "0" * 64, "\0" * 64, "%" * 64]
)
def test_text_that_is_no_handle_never_reaches_the_storage(handle: str) -> None:
    """It is no session, and the storage is not asked."""
    watched: Any = Watched(MemoryStorage())
    assert revoke_session("user", handle, watched) is False
    assert [] == watched.calls


@law("revoke-is-for-the-owner")
def test_a_record_that_cannot_be_read_is_left_alone_by_a_handle(storage: IndexedStorage) -> None:
    """Nobody knows whose it is."""
    _, session = create_session("user", storage)
    storage.set(f"session:{session.handle}", "{", ttl=60)
    assert revoke_session("user", session.handle or "", storage) is False
    assert "{" == storage.get(f"session:{session.handle}")


@law("revoke-all-ends-all", "delete-forgets")
def test_a_user_is_signed_out_everywhere(storage: IndexedStorage) -> None:
    """Every session of the user is dead and out of the index; those of others live on."""
    ids = [create_session("user", storage, idle_timeout=60)[0] for _ in range(5)]
    theirs, other = create_session("another", storage)
    assert 5 == revoke_sessions("user", storage)
    assert [None] * 5 == [get_session(each, storage) for each in ids]
    assert other == get_session(theirs, storage)
    assert ([], []) == (list_sessions("user", storage), storage.members(KEY))
    assert 0 == revoke_sessions("user", storage)


@law("revoke-all-keeps-one")
def test_a_user_is_signed_out_everywhere_else(storage: IndexedStorage) -> None:
    """The session that is kept lives on, alone."""
    kept, session = create_session("user", storage)
    ids = [create_session("user", storage)[0] for _ in range(3)]
    assert 3 == revoke_sessions("user", storage, keep=kept)
    assert [None] * 3 == [get_session(each, storage) for each in ids]
    assert session == get_session(kept, storage)
    assert [session.handle] == handles("user", storage)


@law("revoke-all-keeps-one")
def test_a_session_that_was_renewed_is_kept_by_its_new_id(storage: IndexedStorage) -> None:
    """Also where the entry of the old one is still in the index, which leads to the new one."""
    old, session = create_session("user", storage)
    renewed = renew_session(old, storage)
    assert renewed is not None
    storage.add(KEY, session.handle or "", 60)  # as where the renewal was killed before its last step
    assert 0 == revoke_sessions("user", storage, keep=renewed[0])
    assert get_session(renewed[0], storage) is not None


@law("revoke-all-keeps-one")
@pytest.mark.parametrize("keep", ["", "SECRET", "0" * 64, 7, b"A" * 43, True])
def test_what_cannot_be_an_id_is_not_kept_but_refused(keep: Any) -> None:
    """A handle in place of an id would sign out this device, too: nothing is ended."""
    storage = MemoryStorage()
    session_id, session = create_session("user", storage)
    with pytest.raises(ValidationError, match="keep") as caught:
        revoke_sessions("user", storage, keep=keep)
    assert "SECRET" not in f"{caught.value} {caught.value.errors()} {caught.value.json()}"
    assert session == get_session(session_id, storage)


@law("revoke-all-ends-all")
def test_a_renewal_that_begins_after_the_index_was_read_is_ended(storage: IndexedStorage) -> None:
    """The index is read again until it has nothing new."""
    session_id, _ = create_session("user", storage)
    found: list[str] = []

    def renew() -> None:
        renewed = renew_session(session_id, storage)
        assert renewed is not None
        found.append(renewed[0])

    racing: Any = Watched(storage, before={"pop": renew})  # after the index was read
    assert 1 == revoke_sessions("user", racing)
    assert get_session(found[0], storage) is None
    assert [] == list_sessions("user", storage)


@law("revoke-all-ends-all", "delete-forgets")
def test_the_entry_of_a_login_under_way_stays(storage: IndexedStorage) -> None:
    """A revocation between the entry and the record leaves the entry, so that the next one ends the session."""
    slow: Any = Watched(storage, before={"set": lambda: revoke_sessions("user", storage)})
    session_id, _ = create_session("user", slow)
    assert [session_handle(session_id)] == handles("user", storage)
    assert 1 == revoke_sessions("user", storage)
    assert get_session(session_id, storage) is None


@law("revoke-all-ends-all")
def test_a_thousand_sessions_are_listed_and_ended() -> None:
    """The number of sessions of a user has no limit."""
    storage = MemoryStorage()
    for _ in range(1000):
        create_session("user", storage)
    assert 1000 == len(list_sessions("user", storage)) == revoke_sessions("user", storage)


CALLS: dict[str, Any] = {
    "list_sessions": partial(list_sessions, "user"),
    "revoke_session": partial(revoke_session, "user", "0" * 64),
    "revoke_sessions": partial(revoke_sessions, "user"),
    "renew_session": partial(renew_session, UNKNOWN),
}


@law("index-is-demanded")
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_storage_without_an_index_is_refused(call: Any) -> None:
    """The parameter and what the storage lacks are named, and nothing is called."""
    plain = Recorder(MemoryStorage())
    with pytest.raises(ValidationError, match="storage") as caught:
        call(plain)
    assert "Recorder lacks add, members, discard" in str(caught.value)
    assert [] == plain.calls


@law("index-is-demanded", "async-storage-is-refused")
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("storage", [None, object(), MemoryStorage, AsyncMemoryStorage()])
def test_what_is_no_sync_storage_is_refused(call: Any, storage: Any) -> None:
    """None, an object, a class and an async storage are errors that name the parameter."""
    with pytest.raises(ValidationError) as caught:
        call(storage)
    assert [("storage",)] == [error["loc"] for error in caught.value.errors()]


@law("create-without-an-index")
def test_sessions_over_four_methods_are_made_read_and_ended(clock: FakeClock) -> None:
    """A storage, or a wrapper, without an index serves; its sessions are unlisted."""
    storage = MemoryStorage()
    plain = Recorder(storage)
    session_id, session = create_session("user", plain, idle_timeout=100)
    clock.advance(50)
    assert session == touch_session(session_id, plain) == get_session(session_id, plain)
    assert [] == list_sessions("user", storage)
    delete_session(session_id, plain)
    assert get_session(session_id, plain) is None
    assert ["set", "get", "get", "set", "get", "get", "delete", "get"] == [call[0] for call in plain.calls]


@law("create-refuses-first")
@pytest.mark.parametrize("user_id", ["", "u" * 1025, "\ud800", 7, None, b"user", True])
@pytest.mark.parametrize("name", ["list_sessions", "revoke_session", "revoke_sessions"])
def test_a_wrong_user_id_is_refused_by_name(name: str, user_id: Any) -> None:
    """The storage is not asked."""
    watched: Any = Watched(MemoryStorage())
    function: Any = {
        "list_sessions": list_sessions,
        "revoke_session": lambda user, storage: revoke_session(user, "0" * 64, storage),
        "revoke_sessions": revoke_sessions,
    }[name]
    with pytest.raises(ValidationError, match="user_id"):
        function(user_id, watched)
    assert [] == watched.calls


@law("outage-raises")
@pytest.mark.parametrize("failing", ["members", "pop", "discard"])
def test_an_outage_comes_through_a_revocation(failing: str) -> None:
    """A sign-out that was not done whole never returns."""
    storage = MemoryStorage()
    create_session("user", storage)
    failed: Any = Watched(storage, failing={failing: StorageError("down")})
    with pytest.raises(StorageError, match="down"):
        revoke_sessions("user", failed)


@law("id-is-never-shown", "id-is-never-stored")
def test_revocations_are_logged_by_handle(storage: IndexedStorage, caplog: pytest.LogCaptureFixture) -> None:
    """One INFO line a session has the first 12 digits of its handle; lists log nothing."""
    ids = [create_session("user", storage)[0] for _ in range(3)]
    caplog.set_level(logging.DEBUG, "cross_auth")
    watched: Any = Watched(storage)
    list_sessions("user", watched)
    revoke_session("user", session_handle(ids[0]), watched)
    revoke_sessions("user", watched)
    lines = {("cross_auth", logging.INFO, f"session {session_handle(each)[:12]}: revoked") for each in ids}
    assert lines == set(caplog.record_tuples)
    assert not any(each in f"{watched.calls}{caplog.text}" for each in ids)
