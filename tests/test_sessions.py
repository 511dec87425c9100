"""The laws of create, get and delete, on every storage."""

import json
import logging
import re
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from werkzeug.local import LocalProxy

from cross_auth import SecondaryStorage, SessionData, StorageError, create_session, delete_session, get_session
from cross_auth._records import handle_of, record_key
from cross_auth.storage.memory import MemoryStorage
from cross_auth.testing import FakeClock
from cross_auth.testing._laws import law
from cross_auth.testing._strategies import user_ids
from tests.doubles import FailingStorage, Recorder
from tests.watched import Watched

A_DAY = 86_400
UNKNOWN = "A" * 43
WRONG_USER_IDS: list[Any] = [None, 0, "", "u" * 1025, [], {}]
WRONG_TIMES: list[Any] = [None, 0, "", "soon", "2126-01-01T00:00:00", "2126-01-01T00:00:00+01:00", [], {}]
MALFORMED = ["", "A" * 42, "A" * 44, "A" * 42 + "=", "A" * 42 + "\n", "A" * 42 + "é", "A" * 42 + "\0", "../" + "A" * 40]


@law("create-is-readable")
def test_a_session_reads_as_it_was_created(storage: SecondaryStorage) -> None:
    """What get_session reads is what create_session returned."""
    session_id, session = create_session("user", storage)
    assert session == get_session(session_id, storage)


@law("create-is-readable")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(user_id=user_ids)
def test_any_user_id_comes_back_as_it_was(storage: SecondaryStorage, user_id: str) -> None:
    """Every user id of 1 to 1024 characters, NUL among them, survives the storage."""
    session_id, _ = create_session(user_id, storage)
    session = get_session(session_id, storage)
    assert session is not None
    assert user_id == session.user_id


@law("create-lives-max-age")
@pytest.mark.parametrize("max_age", [1, 2, A_DAY, 34_560_000])
def test_a_session_ends_max_age_seconds_after_it_was_made(clock: FakeClock, max_age: int) -> None:
    """The end is exactly max_age after the start, both in UTC, and so is the ttl of the record."""
    recorder = Recorder(MemoryStorage())
    _, session = create_session("user", recorder, max_age)
    assert (clock.now(), clock.now() + timedelta(seconds=max_age)) == (session.created_at, session.expires_at)
    assert [max_age] == recorder.ttls
    assert (timedelta(0), timedelta(0)) == (session.created_at.utcoffset(), session.expires_at.utcoffset())


@law("create-lives-max-age")
def test_the_default_lifetime_is_a_day() -> None:
    """Without max_age a session lives 86400 seconds."""
    _, session = create_session("user", MemoryStorage())
    assert timedelta(days=1) == session.expires_at - session.created_at


@law("create-id-is-random")
def test_ids_are_43_characters_and_never_the_same() -> None:
    """Ten thousand ids have the form and are all different, and every bit of them varies."""
    storage = MemoryStorage()
    ids = [create_session("user", storage)[0] for _ in range(10_000)]
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", each) for each in ids)
    assert len(ids) == len(set(ids))
    assert all(len({each[place] for each in ids}) == (64 if place < 42 else 16) for place in range(43))


@law("create-replaces")
def test_a_log_in_ends_the_session_that_its_request_carried(storage: SecondaryStorage) -> None:
    """The old id is dead and the new one alive, whoever the users are."""
    old_id, _ = create_session("user", storage)
    new_id, session = create_session("other", storage, replaces=old_id)
    assert (None, session) == (get_session(old_id, storage), get_session(new_id, storage))


@law("create-replaces")
@pytest.mark.parametrize("replaces", [None, UNKNOWN, *MALFORMED])
def test_a_log_in_with_any_other_text_as_a_cookie_ends_nothing(storage: SecondaryStorage, replaces: str | None) -> None:
    """What is no id, or that of no session, leaves every session where it is."""
    kept_id, kept = create_session("user", storage)
    new_id, session = create_session("user", storage, replaces=replaces)
    assert (kept, session) == (get_session(kept_id, storage), get_session(new_id, storage))


@law("create-replaces", "outage-raises")
def test_a_log_in_that_cannot_end_the_old_session_makes_no_new_one() -> None:
    """Where the end of the old session fails, nothing is written."""
    storage = MemoryStorage()
    old_id, _ = create_session("user", storage)
    watched = Watched(storage, failing={"pop": StorageError("down")})
    with pytest.raises(StorageError):
        create_session("user", watched, replaces=old_id)
    assert ["pop"] == watched.names


@law("create-refuses-first")
@pytest.mark.parametrize(
    ("parameter", "value"),
    [("user_id", value) for value in ("", "u" * 1025, "\ud800", 7, None, b"user", True)]
    + [("max_age", value) for value in (0, -1, 34_560_001, "60", 60.0, True, None)]
    + [("replaces", value) for value in (7, b"A" * 43, True)]
    + [("storage", value) for value in (None, object(), {}, "redis://localhost")],
)
def test_a_wrong_argument_is_refused_by_name_and_nothing_is_written(parameter: str, value: Any) -> None:
    """Each wrong argument of create_session is named, and the storage is not called."""
    recorder = Recorder(MemoryStorage())
    arguments: dict[str, Any] = {"user_id": "user", "storage": recorder, "max_age": 60, parameter: value}
    with pytest.raises(ValidationError) as caught:
        create_session(**arguments)
    assert [(parameter,)] == [error["loc"] for error in caught.value.errors()]
    assert [] == recorder.calls


@law("create-refuses-first")
def test_every_wrong_argument_is_named_at_once() -> None:
    """Three wrong arguments are three errors of one exception, titled with the function."""
    with pytest.raises(ValidationError) as caught:
        create_session(7, None, "60")  # type: ignore[arg-type]  # what is refused
    assert "create_session" == caught.value.title
    assert ["user_id", "storage", "max_age"] == [error["loc"][0] for error in caught.value.errors()]


@law("create-refuses-first")
@pytest.mark.parametrize("function", [get_session, delete_session])
@pytest.mark.parametrize("session_id", [None, 7, b"A" * 43, ["A" * 43]])
def test_a_session_id_that_is_not_text_is_refused_by_name(function: Any, session_id: Any) -> None:
    """An id of another type than str is an error, not an unknown session."""
    with pytest.raises(ValidationError) as caught:
        function(session_id, MemoryStorage())
    assert [("session_id",)] == [error["loc"] for error in caught.value.errors()]


@law("create-refuses-first")
def test_a_storage_is_told_which_methods_it_lacks() -> None:
    """The error for half a storage names what is missing."""

    class Half:
        def get(self, key: str) -> None: ...

    with pytest.raises(ValidationError, match="Half lacks set, delete, pop"):
        create_session("user", Half())  # type: ignore[arg-type]  # what is refused


@law("create-refuses-first")
def test_a_class_in_place_of_a_storage_is_refused() -> None:
    """A storage class that was not called is told apart from a storage."""
    with pytest.raises(ValidationError, match="not the class MemoryStorage itself"):
        create_session("user", MemoryStorage)  # type: ignore[arg-type]  # what is refused


@law("create-is-readable")
def test_a_proxy_of_a_storage_is_a_storage() -> None:
    """An object that finds the methods elsewhere, as Flask's proxies do, serves; one that finds none is refused."""
    storage = MemoryStorage()
    proxy: Any = LocalProxy(lambda: storage)
    session_id, session = create_session("user", proxy)
    assert session == get_session(session_id, proxy) == get_session(session_id, storage)
    with pytest.raises(ValidationError, match="lacks set, get, delete, pop"):
        create_session("user", LocalProxy(lambda: "text"))  # type: ignore[arg-type]  # what is refused


@law("async-storage-is-refused")
def test_a_storage_that_hides_that_it_is_async_is_refused_at_the_call() -> None:
    """A coroutine behind a plain function is found when it is returned, and nothing seems to have been done."""

    async def later(*arguments: object, **options: object) -> None: ...

    class Hidden:
        def __getattr__(self, name: str) -> Any:
            return lambda *arguments, **options: later()

    storage: Any = Hidden()
    for call in (partial(create_session, "user"), partial(delete_session, UNKNOWN), partial(get_session, UNKNOWN)):
        with pytest.raises(TypeError, match="the storage is async"):
            call(storage)


@law("create-refuses-first")
def test_half_an_implementation_of_the_protocol_cannot_be_made() -> None:
    """A subclass of SecondaryStorage that lacks a method is no silent storage."""

    class Half(SecondaryStorage):
        def get(self, key: str, /) -> str | None: ...

    with pytest.raises(TypeError, match="abstract"):
        Half()  # type: ignore[abstract]  # what is refused


@law("async-storage-is-refused")
def test_an_async_storage_is_refused_by_a_sync_function() -> None:
    """A storage whose methods are coroutines is an error, not a session that is never stored."""

    class Async:
        async def set(self, key: str, value: str, ttl: int | None = None) -> None: ...
        async def get(self, key: str) -> None: ...
        async def delete(self, key: str) -> None: ...
        async def pop(self, key: str) -> None: ...

    with pytest.raises(ValidationError, match="not async"):
        create_session("user", Async())  # type: ignore[arg-type]  # what is refused


@law("id-is-never-stored")
def test_no_key_or_value_contains_an_id(storage: SecondaryStorage) -> None:
    """Every text that reaches the storage is free of the id, and the key is the SHA-256 of it."""
    recorder = Recorder(storage)
    session_id, session = create_session("user", recorder)
    get_session(session_id, recorder)
    delete_session(session_id, recorder)
    assert ["set", "get", "delete"] == [call[0] for call in recorder.calls]
    assert not any(session_id in str(call) for call in recorder.calls)
    assert {f"session:{session.handle}"} == {call[1] for call in recorder.calls}
    assert handle_of(session_id) == session.handle


@law("id-is-never-shown")
def test_log_lines_hold_the_start_of_the_handle_and_never_the_id(caplog: pytest.LogCaptureFixture) -> None:
    """Create and delete log one INFO line each, get none, a bad record a warning; none shows the id."""
    caplog.set_level(logging.DEBUG)
    storage = MemoryStorage()
    session_id, session = create_session("user", storage)
    get_session(session_id, storage)
    delete_session(session_id, storage)
    storage.set(f"session:{session.handle}", "{")
    get_session(session_id, storage)
    handle = (session.handle or "")[:12]
    assert [
        ("cross_auth", logging.INFO, f"session {handle}: created"),
        ("cross_auth", logging.INFO, f"session {handle}: deleted"),
        ("cross_auth", logging.WARNING, f"session {handle}: the stored record cannot be decoded"),
    ] == caplog.record_tuples
    assert session_id not in caplog.text + repr(session) + str(session)


@law("id-is-never-shown")
@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (get_session, ("SECRET", None)),
        (get_session, (b"SECRET", MemoryStorage())),
        (get_session, (MemoryStorage(), "SECRET")),
    ]
    + [(create_session, (["SECRET"], MemoryStorage())), (delete_session, ({"id": "SECRET"}, MemoryStorage()))],
)
def test_no_form_of_an_error_shows_what_was_passed(function: Any, arguments: Any) -> None:
    """str, repr, errors() and json() of a refusal hide the arguments, swapped ones too, and it has no context."""
    with pytest.raises(ValidationError) as caught:
        function(*arguments)
    error = caught.value
    assert "SECRET" not in f"{error} {error!r} {error.errors()} {error.json()}"
    assert (None, None) == (error.__context__, error.__cause__)


@law("outage-raises")
@pytest.mark.parametrize("error", [StorageError("down"), ConnectionError("down"), KeyError("down")])
def test_an_outage_comes_through_create_and_get(error: Exception) -> None:
    """Whatever a storage raises comes out of create_session and get_session unchanged."""
    with pytest.raises(type(error)) as created:
        create_session("user", FailingStorage(error))
    with pytest.raises(type(error)) as read:
        get_session(UNKNOWN, FailingStorage(error))
    assert (error, error) == (created.value, read.value)


@law("outage-raises", "delete-key-error-is-absent")
@pytest.mark.parametrize("error", [StorageError("down"), ConnectionError("down"), LookupError("down")])
def test_an_outage_comes_through_delete(error: Exception) -> None:
    """Whatever a storage raises comes out of delete_session unchanged."""
    with pytest.raises(type(error)) as caught:
        delete_session(UNKNOWN, FailingStorage(error))
    assert error is caught.value


@law("delete-key-error-is-absent")
def test_a_key_error_of_delete_means_that_there_was_nothing() -> None:
    """A storage that deletes as a dict does is no error."""
    delete_session(UNKNOWN, FailingStorage(KeyError("session")))


@law("get-never-writes")
def test_get_reads_once_and_never_writes(storage: SecondaryStorage, clock: FakeClock) -> None:
    """A live, a dead, an unknown and an undecodable session each cost one read."""
    recorder = Recorder(storage)
    live, _ = create_session("user", storage)
    dead, _ = create_session("user", storage, 1)
    odd, _ = create_session("user", storage)
    storage.set(record_key(handle_of(odd)), "odd")
    clock.advance(1)
    for session_id in (live, dead, UNKNOWN, odd):
        get_session(session_id, recorder)
    assert ["get"] * 4 == [call[0] for call in recorder.calls]


@law("get-unknown-is-none")
def test_an_unknown_id_is_no_session(storage: SecondaryStorage) -> None:
    """An id that was never made reads as None, and nothing is stored for it."""
    recorder = Recorder(storage)
    assert get_session(UNKNOWN, recorder) is None
    assert ["get"] == [call[0] for call in recorder.calls]


@law("get-unknown-is-none")
def test_what_a_storage_shows_does_not_log_in(storage: SecondaryStorage) -> None:
    """The handle, its first 43 characters and the key are no ids: a reader of a backup cannot log in."""
    _, session = create_session("user", storage)
    handle = session.handle or ""
    assert [None] * 3 == [get_session(text, storage) for text in (handle, handle[:43], f"session:{handle}")]


@law("get-malformed-is-none")
@pytest.mark.parametrize("session_id", MALFORMED)
def test_malformed_ids_never_reach_the_storage(session_id: str) -> None:
    """Get and delete answer text that cannot be an id without a storage call."""
    recorder = Recorder(MemoryStorage())
    assert get_session(session_id, recorder) is None
    delete_session(session_id, recorder)
    assert [] == recorder.calls


@law("get-malformed-is-none")
@given(st.text(max_size=50).filter(lambda text: not re.fullmatch(r"[A-Za-z0-9_-]{43}", text, re.ASCII)))
def test_no_other_text_reaches_the_storage(session_id: str) -> None:
    """Whatever is not 43 characters of the alphabet is answered without a storage call."""
    assert get_session(session_id, FailingStorage(AssertionError("asked"))) is None


@law("get-is-dead-at-expiry")
@pytest.mark.parametrize(("microseconds", "live"), [(-1, True), (0, False), (1, False)])
def test_a_session_is_dead_from_the_instant_of_its_expiry(
    storage: SecondaryStorage, clock: FakeClock, microseconds: int, live: bool
) -> None:
    """One microsecond before expires_at the session lives; at it and after it is dead."""
    session_id, session = create_session("user", storage, 60)
    clock.move_to(session.expires_at + timedelta(microseconds=microseconds))
    assert (session if live else None) == get_session(session_id, storage)


@law("get-is-dead-at-expiry")
@pytest.mark.parametrize(("microseconds", "live"), [(-1, True), (0, False), (1, False)])
def test_a_session_is_dead_whatever_the_storage_still_holds(clock: FakeClock, microseconds: int, live: bool) -> None:
    """A storage that forgets to expire cannot prolong a session."""
    endless = Recorder(MemoryStorage(), keep_ttl=False)
    session_id, session = create_session("user", endless, 60)
    clock.move_to(session.expires_at + timedelta(microseconds=microseconds))
    assert (session if live else None) == get_session(session_id, endless)


@law("get-undecodable-is-none")
@pytest.mark.parametrize(
    "value",
    ["", "{", "null", "[]", "{}", '"text"', "\ud800", "[" * 100_000, '{"user_id": "user"}']
    + ["9" * 5000, '{"user_id": 7, "created_at": 1, "expires_at": 2}', b"\xff", 7, True, {}],
)
def test_an_undecodable_record_is_no_session_and_is_left_alone(value: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever cannot be decoded reads as None with one warning, and nothing is written."""
    recorder = Recorder(MemoryStorage())
    session_id, session = create_session("user", recorder)
    recorder.calls.clear()
    recorder.set(f"session:{session.handle}", value)
    assert get_session(session_id, recorder) is None
    assert [("cross_auth", logging.WARNING)] == [record[:2] for record in caplog.record_tuples]
    assert ["set", "get"] == [call[0] for call in recorder.calls]


@law("get-undecodable-is-none")
@pytest.mark.parametrize(
    ("field", "value"),
    [*product(["user_id"], WRONG_USER_IDS), *product(["created_at", "expires_at"], WRONG_TIMES)],
)
def test_a_record_with_a_wrong_field_is_no_session(field: str, value: Any) -> None:
    """A field of another type, out of range, naive or not in UTC makes the record undecodable."""
    storage = MemoryStorage()
    session_id, session = create_session("user", storage)
    record = {**json.loads(session.model_dump_json()), field: value}
    storage.set(f"session:{session.handle}", json.dumps(record))
    assert get_session(session_id, storage) is None


@law("get-foreign-is-none")
@pytest.mark.parametrize("handle", [None, "", "0" * 64, 7])
def test_a_record_under_another_handle_is_no_session(storage: SecondaryStorage, handle: Any) -> None:
    """A storage that hands out another session's record, or one without a handle, logs nobody in."""
    session_id, session = create_session("user", storage)
    record = {**json.loads(session.model_dump_json()), "handle": handle}
    storage.set(f"session:{session.handle}", json.dumps(record))
    assert get_session(session_id, storage) is None


@law("get-foreign-is-none")
def test_the_reply_to_another_caller_is_no_session() -> None:
    """A client that mixes up its replies yields None, not another user's session."""
    storage = MemoryStorage()
    mine, _ = create_session("me", storage)
    _, theirs = create_session("them", storage)

    class Confused(MemoryStorage):
        def get(self, key: str, /) -> str | None:
            return storage.get(f"session:{theirs.handle}")

    assert get_session(mine, Confused()) is None


@law("session-data-ignores-unknown")
def test_a_field_of_a_newer_release_is_ignored(storage: SecondaryStorage) -> None:
    """A record with a field that this release does not know is read."""
    session_id, session = create_session("user", storage)
    record = {**json.loads(session.model_dump_json()), "colour": "blue"}
    storage.set(f"session:{session.handle}", json.dumps(record), ttl=A_DAY)
    assert session == get_session(session_id, storage)


@law("delete-is-final")
def test_a_deleted_session_is_gone_and_others_stay(storage: SecondaryStorage) -> None:
    """After delete_session the session reads as None; another session of the user lives on."""
    session_id, _ = create_session("user", storage)
    other_id, other = create_session("user", storage)
    delete_session(session_id, storage)
    assert (None, other) == (get_session(session_id, storage), get_session(other_id, storage))


@law("delete-is-final")
def test_no_request_in_flight_brings_a_deleted_session_back(storage: SecondaryStorage) -> None:
    """A slow request that read the session before the logout and ends after it leaves it dead."""
    session_id, session = create_session("user", storage)

    class Slow(Recorder):
        """Let the user log out while the read of a slow request is under way."""

        def get(self, key: str, /) -> str | None:
            value = super().get(key)
            delete_session(session_id, storage)
            return value

    assert session == get_session(session_id, Slow(storage))
    assert get_session(session_id, storage) is None


@law("delete-is-idempotent")
def test_deleting_twice_or_nothing_is_a_no_op(storage: SecondaryStorage) -> None:
    """A second delete, and one of an unknown id, raise nothing."""
    session_id, _ = create_session("user", storage)
    delete_session(session_id, storage)
    delete_session(session_id, storage)
    delete_session(UNKNOWN, storage)
    assert get_session(session_id, storage) is None


@law("session-data-is-utc")
def test_stored_times_are_iso_in_utc(storage: SecondaryStorage) -> None:
    """The record is JSON whose times end in Z."""
    recorder = Recorder(storage)
    create_session("user", recorder)
    record = json.loads(recorder.calls[0][2])
    assert {"user_id", "created_at", "expires_at", "handle"} == set(record)
    assert record["created_at"].endswith("Z")
    assert datetime.fromisoformat(record["expires_at"]).astimezone(UTC) > datetime.now(UTC)
    assert SessionData.model_validate_json(recorder.calls[0][2]).user_id == "user"
