"""The session functions against a plain dict of sessions, over one storage."""

from datetime import datetime, timedelta
from typing import ClassVar
from unittest import TestCase

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, invariant, rule

from cross_auth import SessionData, aio, create_session, delete_session, get_session
from cross_auth._protocols import SecondaryStorage
from cross_auth.testing import _strategies as draw
from cross_auth.testing._clock import Advance
from cross_auth.testing._colours import AsyncRecording, Functions, Recording, on_loop
from cross_auth.testing._laws import clause, law
from cross_auth.testing._machine import StorageUnderTest, test_case
from cross_auth.testing._on_loop import AsyncAdvance, AsyncFactory, AsyncReopen, Factory, Reopen, behind, sync_form

_INSTANT = timedelta(microseconds=1)


@law(
    "create-is-readable",
    "create-lives-max-age",
    "get-is-dead-at-expiry",
    "get-unknown-is-none",
    "get-malformed-is-none",
    "get-never-writes",
    "delete-is-final",
    "delete-is-idempotent",
    "id-is-never-stored",
)
class SessionMachine(StorageUnderTest):
    """A session reads as it was created until it is deleted or has expired, and never again after that."""

    functions: ClassVar = Functions(create_session, get_session, delete_session)
    ids = Bundle[str]("ids")

    def __init__(self) -> None:
        super().__init__()
        self.sessions: dict[str, SessionData] = {}
        self.deleted: set[str] = set()
        self.seen: list[str] = []

    def recording(self, storage: SecondaryStorage) -> object:
        return Recording(storage, self.seen)

    def storage(self, data: st.DataObject) -> object:
        return self.recording(self.handle(data))

    def live(self, session_id: str) -> SessionData | None:
        session = self.sessions[session_id]
        return session if session_id not in self.deleted and self.clock.now() < session.expires_at else None

    @rule(target=ids, user_id=draw.user_ids, max_age=draw.max_ages, data=st.data())
    def create(self, user_id: str, max_age: int, data: st.DataObject) -> str:
        with clause("create-lives-max-age"):
            session_id, session = self.functions.create(user_id, self.storage(data), max_age)
            now = self.clock.now()
            assert (user_id, now, now + timedelta(seconds=max_age)) == (
                session.user_id,
                session.created_at,
                session.expires_at,
            ), f"create_session: {session!r} is not what was asked for"
        with clause("create-id-is-random"):
            assert session_id not in self.sessions, "create_session: the same id came twice"
        self.sessions[session_id] = session
        return session_id

    @rule(session_id=ids, data=st.data())
    def get(self, session_id: str, data: st.DataObject) -> None:
        calls = len(self.seen)
        self.check(session_id, self.storage(data))
        with clause("get-never-writes"):
            assert calls + 1 == len(self.seen), "get_session: more than one storage call"

    def check(self, session_id: str, storage: object) -> None:
        with clause(self.sentence(session_id)):
            found, wanted = self.functions.get(session_id, storage), self.live(session_id)
            assert wanted == found, f"get_session: found {found!r}, wanted {wanted!r}"

    def sentence(self, session_id: str) -> str:
        """Return the sentence that is broken where a session does not read as it should."""
        if session_id in self.deleted:
            return "delete-is-final"
        return "create-is-readable" if self.live(session_id) else "get-is-dead-at-expiry"

    def check_all(self) -> None:
        for session_id in self.sessions:
            self.check(session_id, self.recording(self.handles[0]))

    @rule(session_id=ids, data=st.data())
    def delete(self, session_id: str, data: st.DataObject) -> None:
        with clause("delete-is-idempotent"):
            self.functions.delete(session_id, self.storage(data))
        self.deleted.add(session_id)

    @rule(session_id=ids, data=st.data())
    def delete_twice(self, session_id: str, data: st.DataObject) -> None:
        self.delete(session_id, data)
        self.delete(session_id, data)

    @rule(session_id=draw.unknown_ids, data=st.data())
    def try_an_unknown_id(self, session_id: str, data: st.DataObject) -> None:
        with clause("get-unknown-is-none"):
            found = self.functions.get(session_id, self.storage(data))
            assert found is None, f"get_session: an id that was never made is {found!r}"
        with clause("delete-is-idempotent"):
            self.functions.delete(session_id, self.storage(data))

    @rule(session_id=draw.malformed_ids, data=st.data())
    def try_a_malformed_id(self, session_id: str, data: st.DataObject) -> None:
        calls = len(self.seen)
        with clause("get-malformed-is-none"):
            found = self.functions.get(session_id, self.storage(data))
            assert found is None, f"get_session: a malformed id is {found!r}"
            self.functions.delete(session_id, self.storage(data))
            assert calls == len(self.seen), "a malformed id reached the storage"

    @rule(session_id=ids, data=st.data())
    def try_a_handle_as_an_id(self, session_id: str, data: st.DataObject) -> None:
        handle = self.sessions[session_id].handle or ""
        for text in (handle, handle[:43], f"session:{handle}"):
            with clause("get-unknown-is-none"):
                assert self.functions.get(text, self.storage(data)) is None, "get_session: what is stored logs in"

    @rule(seconds=draw.seconds)
    def advance(self, seconds: int) -> None:
        self.pass_time(seconds, seconds)

    @rule(session_id=ids, beside=st.sampled_from([-_INSTANT, timedelta(0), _INSTANT]))
    def jump_to_the_expiry(self, session_id: str, beside: timedelta) -> None:
        self.jump(self.sessions[session_id].expires_at + beside)

    def jump(self, instant: datetime) -> None:
        seconds = (instant - self.clock.now()).total_seconds()
        if seconds > 0:
            # A storage with its own clock is left a second behind: it may hold on, the session may not.
            lag = 1 if self.subject.own_clock else 0
            self.pass_time(seconds, max(0, seconds - lag))

    @invariant()
    def no_id_was_stored(self) -> None:
        with clause("id-is-never-stored"):
            for text in self.seen:
                assert not any(session_id in text for session_id in self.sessions), "a session id reached the storage"
        self.seen.clear()


class AsyncSessionMachine(SessionMachine):
    """The same over an async storage."""

    functions = Functions(on_loop(aio.create_session), on_loop(aio.get_session), on_loop(aio.delete_session))

    def recording(self, storage: SecondaryStorage) -> object:
        return AsyncRecording(behind(storage), self.seen)


def session_machine(
    factory: Factory, *, advance: Advance | None = None, reopen: Reopen | None = None
) -> type[TestCase]:
    """Return a test case that runs the session functions over a storage, whatever the order of the calls.

    The parameters are those of ``storage_machine``.
    """
    return test_case(SessionMachine, factory, advance, reopen)


def async_session_machine(
    factory: AsyncFactory, *, advance: AsyncAdvance | None = None, reopen: AsyncReopen | None = None
) -> type[TestCase]:
    """Return a test case that runs the functions of ``cross_auth.aio``, whatever the order of the calls.

    The parameters are those of ``async_storage_machine``.
    """
    return test_case(AsyncSessionMachine, *sync_form(factory, advance, reopen))
