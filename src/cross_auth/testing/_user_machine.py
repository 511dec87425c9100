"""The functions on the sessions of a user, beside those on one session, over one storage."""

from unittest import TestCase

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from cross_auth import SessionInfo, session_handle
from cross_auth._protocols import SecondaryStorage
from cross_auth.testing import _strategies as draw
from cross_auth.testing._clock import Advance
from cross_auth.testing._colours import async_recording
from cross_auth.testing._index import has_index
from cross_auth.testing._laws import clause, law
from cross_auth.testing._machine import test_case
from cross_auth.testing._on_loop import AsyncAdvance, AsyncFactory, AsyncReopen, Factory, Reopen, behind, sync_form
from cross_auth.testing._session_functions import ASYNC
from cross_auth.testing._session_machine import OneSessionMachine


@law(
    "create-is-readable",
    "create-lives-max-age",
    "create-keeps-options",
    "create-replaces",
    "create-without-an-index",
    "get-is-dead-at-expiry",
    "get-is-dead-when-idle",
    "get-unknown-is-none",
    "get-malformed-is-none",
    "get-never-writes",
    "touch-counts-what-was-written",
    "touch-never-revives",
    "delete-is-final",
    "delete-is-idempotent",
    "delete-follows-renewals",
    "renew-keeps-the-session",
    "renew-ends-the-old",
    "list-has-every-live-session",
    "list-has-no-other",
    "list-is-newest-first",
    "revoke-ends-that-session",
    "revoke-is-for-the-owner",
    "revoke-all-ends-all",
    "revoke-all-keeps-one",
    "handle-is-of-the-id",
    "id-is-never-stored",
)
class SessionMachine(OneSessionMachine):
    """Every session function answers as a dict of sessions does, whatever came before it."""

    def __init__(self) -> None:
        super().__init__()
        self.successors: dict[str, str] = {}
        self.is_indexed = has_index(self.handles[0])

    def end(self, session_id: str, sentence: str) -> None:
        """End a session or, where it was renewed, the one that took its place."""
        while session_id in self.successors:
            session_id = self.successors[session_id]
        super().end(session_id, sentence)

    def of_user(self, user_id: str) -> list[str]:
        return [session_id for session_id, session in self.sessions.items() if session.user_id == user_id]

    @precondition(lambda self: self.is_indexed)
    @rule(target=OneSessionMachine.ids, session_id=OneSessionMachine.ids, data=st.data())
    def renew(self, session_id: str, data: st.DataObject) -> str:
        session_id = self.mostly_live(session_id, data)
        with clause("renew-keeps-the-session" if self.live(session_id) else self.sentence(session_id)):
            found, old = self.functions.renew(session_id, self.storage(data)), self.live(session_id)
            assert (found is None) is (old is None), f"renew_session: found {found!r}, of a session that is {old!r}"
            if found is None or old is None:
                return session_id
            new_id, new = found
            wanted = old.model_copy(update={"handle": session_handle(new_id)})
            assert wanted == new, f"renew_session: found {new!r}, wanted {wanted!r}"
        super().end(session_id, "renew-ends-the-old")
        self.successors[session_id] = new_id
        return self.has_begun(new_id, new)

    @precondition(lambda self: self.is_indexed)
    @rule(session_id=OneSessionMachine.ids, data=st.data())
    def list(self, session_id: str, data: st.DataObject) -> None:
        self.check_list(self.sessions[session_id].user_id, self.storage(data))

    def check_list(self, user_id: str, storage: object) -> None:
        wanted = [self.info(each) for each in self.of_user(user_id) if self.live(each)]
        found = self.functions.list(user_id, storage)
        with clause("list-has-every-live-session"):
            missing = [info for info in wanted if info not in found]
            assert not missing, f"list_sessions: found {found!r}, which lacks {missing!r}"
        with clause("list-has-no-other"):
            others = [info for info in found if info not in wanted]
            assert not others, f"list_sessions: found {others!r}, wanted {wanted!r}"
        with clause("list-is-newest-first"):
            wanted.sort(key=lambda info: (info.created_at, info.handle), reverse=True)
            assert wanted == found, f"list_sessions: found {found!r}, wanted {wanted!r}"

    def info(self, session_id: str) -> SessionInfo:
        session = self.sessions[session_id]
        return SessionInfo(
            handle=session_handle(session_id),
            created_at=session.created_at,
            expires_at=session.expires_at,
            last_active_at=session.created_at if session.idle_timeout is None else self.active[session_id],
            metadata=session.metadata,
        )

    @precondition(lambda self: self.is_indexed)
    @rule(session_id=OneSessionMachine.ids, data=st.data())
    def revoke(self, session_id: str, data: st.DataObject) -> None:
        session, last = self.sessions[session_id], session_id
        while last in self.successors:
            last = self.successors[last]
        with clause("revoke-ends-that-session"):
            found = self.functions.revoke(session.user_id, session.handle or "", self.storage(data))
            assert found or not self.live(last), "revoke_session: a live session was not there"
            assert not found or last not in self.ended, "revoke_session: a session that had been ended was there"
        self.end(session_id, "revoke-ends-that-session")

    @precondition(lambda self: self.is_indexed)
    @rule(session_id=OneSessionMachine.ids, user_id=draw.users, data=st.data())
    def revoke_anothers(self, session_id: str, user_id: str, data: st.DataObject) -> None:
        session = self.sessions[session_id]
        if user_id != session.user_id:
            with clause("revoke-is-for-the-owner"):
                found = self.functions.revoke(user_id, session.handle or "", self.storage(data))
                assert found is False, "revoke_session: a session of another user was ended"

    @precondition(lambda self: self.is_indexed)
    @rule(session_id=OneSessionMachine.ids, kept=st.booleans(), data=st.data())
    def revoke_all(self, session_id: str, kept: bool, data: st.DataObject) -> None:
        user_id, keep = self.sessions[session_id].user_id, session_id if kept else None
        others = [each for each in self.of_user(user_id) if each != keep]
        with clause("revoke-all-ends-all"):
            count = self.functions.revoke_all(user_id, self.storage(data), keep=keep)
            fewest = len([each for each in others if self.live(each)])
            most = len([each for each in others if each not in self.ended])
            assert fewest <= count <= most, f"revoke_sessions: found {count}, wanted {fewest} to {most}"
        for each in others:
            self.ended.setdefault(each, "revoke-all-ends-all")
        if keep and self.live(keep):
            with clause("revoke-all-keeps-one"):
                assert self.functions.get(keep, self.storage(data)), "revoke_sessions: the session to keep was ended"

    def check_all(self) -> None:
        super().check_all()
        if self.is_indexed:
            for user_id in {session.user_id for session in self.sessions.values()}:
                self.check_list(user_id, self.recording(self.handles[0]))


class AsyncSessionMachine(SessionMachine):
    """The same over an async storage."""

    functions = ASYNC

    def recording(self, storage: SecondaryStorage) -> object:
        return async_recording(behind(storage), self.seen)


def session_machine(
    factory: Factory, *, advance: Advance | None = None, reopen: Reopen | None = None
) -> type[TestCase]:
    """Return a test case that runs the session functions over a storage, whatever the order of the calls.

    Over a storage without an index these are the functions that need none.
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
