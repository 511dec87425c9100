"""The functions on one session against a plain dict of sessions, over one storage."""

from datetime import datetime, timedelta
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, MultipleResults, initialize, invariant, multiple, rule

from cross_auth import SessionData
from cross_auth._protocols import SecondaryStorage
from cross_auth.testing import _strategies as draw
from cross_auth.testing._colours import recording
from cross_auth.testing._laws import clause
from cross_auth.testing._machine import StorageUnderTest
from cross_auth.testing._session_functions import SYNC, Functions

_INSTANT = timedelta(microseconds=1)
_SHORTEST = 60  # seconds that a session lives in a storage whose own clock goes on while a test runs


class OneSessionMachine(StorageUnderTest):
    """A session reads as it was created until it is ended or has reached a limit, and never again after that."""

    functions: ClassVar[Functions] = SYNC
    ids = Bundle[str]("ids")

    def __init__(self) -> None:
        super().__init__()
        self.sessions: dict[str, SessionData] = {}
        self.active: dict[str, datetime] = {}  # the last activity that was written
        self.ended: dict[str, str] = {}  # why
        self.seen: list[str] = []

    def recording(self, storage: SecondaryStorage) -> object:
        return recording(storage, self.seen)

    def storage(self, data: st.DataObject) -> object:
        return self.recording(self.handle(data))

    def live(self, session_id: str) -> SessionData | None:
        is_live = session_id not in self.ended and self.clock.now() < self.nearest_limit(session_id)
        return self.sessions[session_id] if is_live else None

    def mostly_live(self, session_id: str, data: st.DataObject) -> str:
        """Return a live session in place of one that has ended, more often than not: there is more to see."""
        living = [each for each in self.sessions if self.live(each)]
        if session_id in living or not living or data.draw(st.integers(0, 3)) == 0:
            return session_id
        return data.draw(st.sampled_from(living))

    def nearest_limit(self, session_id: str) -> datetime:
        session = self.sessions[session_id]
        if session.idle_timeout is None:
            return session.expires_at
        return min(session.expires_at, self.active[session_id] + timedelta(seconds=session.idle_timeout))

    def has_begun(self, session_id: str, session: SessionData) -> str:
        self.sessions[session_id] = session
        self.active[session_id] = self.clock.now()
        return session_id

    @initialize(target=ids, idle_timeout=draw.idle_timeouts, data=st.data())
    def begin_with_two_sessions(self, idle_timeout: int | None, data: st.DataObject) -> MultipleResults[str]:
        return multiple(*(self.made("u", 86_400, idle_timeout, {}, self.storage(data)) for _ in range(2)))

    @rule(
        target=ids,
        user_id=draw.users,
        max_age=draw.max_ages,
        idle_timeout=draw.idle_timeouts,
        metadata=draw.metadata,
        data=st.data(),
    )
    def create(
        self, user_id: str, max_age: int, idle_timeout: int | None, metadata: dict[str, str], data: st.DataObject
    ) -> str:
        return self.made(user_id, max_age, idle_timeout, metadata, self.storage(data))

    @rule(target=ids, session_id=ids, user_id=draw.users, data=st.data())
    def log_in_again(self, session_id: str, user_id: str, data: st.DataObject) -> str:
        new_id = self.made(user_id, 86_400, None, {}, self.storage(data), replaces=session_id)
        self.end(session_id, "create-replaces")
        return new_id

    def made(
        self,
        user_id: str,
        max_age: int,
        idle_timeout: int | None,
        metadata: dict[str, str],
        storage: object,
        replaces: str | None = None,
    ) -> str:
        max_age = max(max_age, _SHORTEST) if self.subject.own_clock else max_age
        with clause("create-lives-max-age"):
            session_id, session = self.functions.create(
                user_id, storage, max_age, idle_timeout=idle_timeout, metadata=metadata, replaces=replaces
            )
            now = self.clock.now()
            wanted = SessionData(
                user_id=user_id,
                created_at=now,
                expires_at=now + timedelta(seconds=max_age),
                handle=session.handle,
                idle_timeout=idle_timeout,
                metadata=metadata,
            )
            assert wanted == session, f"create_session: {session!r} is not what was asked for"
        with clause("create-id-is-random"):
            assert session_id not in self.sessions, "create_session: the same id came twice"
        return self.has_begun(session_id, session)

    @rule(session_id=ids, data=st.data())
    def get(self, session_id: str, data: st.DataObject) -> None:
        calls = len(self.seen)
        self.check(session_id, self.storage(data))
        limit = self.sessions[session_id].idle_timeout
        with clause("get-never-writes"):
            assert len(self.seen) - calls <= (1 if limit is None else 2), "get_session: too many storage calls"

    def check(self, session_id: str, storage: object) -> None:
        with clause(self.sentence(session_id)):
            found, wanted = self.functions.get(session_id, storage), self.live(session_id)
            assert wanted == found, f"get_session: found {found!r}, wanted {wanted!r}"

    def sentence(self, session_id: str) -> str:
        """Return the sentence that is broken where a session does not read as it should."""
        if session_id in self.ended:
            return self.ended[session_id]
        if self.live(session_id):
            return "create-is-readable"
        expired = self.sessions[session_id].expires_at <= self.clock.now()
        return "get-is-dead-at-expiry" if expired else "get-is-dead-when-idle"

    def check_all(self) -> None:
        for session_id in self.sessions:
            self.check(session_id, self.recording(self.handles[0]))

    @rule(session_id=ids, data=st.data())
    def touch(self, session_id: str, data: st.DataObject) -> None:
        session_id = self.mostly_live(session_id, data)
        with clause(self.sentence(session_id)):
            found, wanted = self.functions.touch(session_id, self.storage(data)), self.live(session_id)
            assert wanted == found, f"touch_session: found {found!r}, wanted {wanted!r}"
        now = self.clock.now()
        if found and found.idle_timeout and (now - self.active[session_id]).total_seconds() * 10 >= found.idle_timeout:
            self.active[session_id] = now

    @rule(session_id=ids, data=st.data())
    def delete(self, session_id: str, data: st.DataObject) -> None:
        with clause("delete-is-idempotent"):
            self.functions.delete(session_id, self.storage(data))
        self.end(session_id, "delete-is-final")

    def end(self, session_id: str, sentence: str) -> None:
        self.ended[session_id] = sentence

    @rule(session_id=draw.unknown_ids, malformed=draw.malformed_ids, data=st.data())
    def try_what_was_never_made(self, session_id: str, malformed: str, data: st.DataObject) -> None:
        with clause("get-unknown-is-none"):
            found = self.functions.get(session_id, self.storage(data))
            assert found is None, f"get_session: an id that was never made is {found!r}"
        with clause("delete-is-idempotent"):
            self.functions.delete(session_id, self.storage(data))
        calls = len(self.seen)
        with clause("get-malformed-is-none"):
            found = self.functions.get(malformed, self.storage(data))
            assert found is None, f"get_session: a malformed id is {found!r}"
            self.functions.delete(malformed, self.storage(data))
            assert calls == len(self.seen), "a malformed id reached the storage"

    @rule(session_id=ids, data=st.data())
    def try_a_handle_as_an_id(self, session_id: str, data: st.DataObject) -> None:
        handle = self.sessions[session_id].handle or ""
        for text in (handle, handle[:43], f"session:{handle}"):
            with clause("get-unknown-is-none"):
                assert self.functions.get(text, self.storage(data)) is None, "get_session: what is stored logs in"

    @rule(session_id=ids, part=st.sampled_from([0.05, 0.1, 0.5, 0.99]), data=st.data())
    def advance(self, session_id: str, part: float, data: st.DataObject) -> None:
        """Let a part of what a session has left pass, so that most sessions live on."""
        session_id = self.mostly_live(session_id, data)
        left = (self.nearest_limit(session_id) - self.clock.now()).total_seconds()
        self.let_pass(max(1, int(left * part)))

    @rule(session_id=ids, beside=st.sampled_from([-_INSTANT, timedelta(0), _INSTANT]))
    def jump_to_the_end(self, session_id: str, beside: timedelta) -> None:
        self.jump(self.nearest_limit(session_id) + beside)

    def jump(self, instant: datetime) -> None:
        self.let_pass((instant - self.clock.now()).total_seconds())

    def let_pass(self, seconds: float) -> None:
        if seconds > 0:
            # A storage with its own clock is left behind: it may hold on, the session may not.
            self.pass_time(seconds, seconds // 2 if self.subject.own_clock else seconds)

    @invariant()
    def no_id_was_stored(self) -> None:
        with clause("id-is-never-stored"):
            for text in self.seen:
                assert not any(session_id in text for session_id in self.sessions), "a session id reached the storage"
        self.seen.clear()
