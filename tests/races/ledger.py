"""What the callers of one run have started and were told, and what follows from it."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from cross_auth import SessionData
from cross_auth._records import record_key
from tests.races.operations import Kind
from tests.races.scenarios import Role

_NO_IDS: frozenset[str] = frozenset()
_ENDS: Mapping[Kind, str] = {
    "end": "delete-is-final",
    "revoke": "revoke-ends-that-session",
    "end all": "revoke-all-ends-all",
    "log in": "create-replaces",
}


@dataclass(frozen=True)
class Start:
    """What held when an operation started: which sessions it is to end, and by which law its own was over.

    ``is_making`` says that its session was the unfinished work of a renewal.
    A list is held to what was ``live`` and what was ``gone``.
    """

    kind: Kind
    targets: frozenset[str] = _NO_IDS
    was_known: bool = True
    over: str = ""
    is_making: bool = False
    live: frozenset[str] = _NO_IDS
    gone: frozenset[str] = _NO_IDS


@dataclass(frozen=True)
class Ledger:
    """Facts that are never changed: each event returns a ledger that has it.

    ``ending`` and ``moving`` are the sessions that some operation has begun to end or to renew, ``ended`` names the law
    by which one is over, and ``doubtful`` are those that were made beside an operation that ends all.
    """

    user: str
    makers: Mapping[str, int] = field(default_factory=dict)
    sessions: Mapping[str, SessionData] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    idle: frozenset[str] = _NO_IDS
    parents: Mapping[str, str] = field(default_factory=dict)
    ended: Mapping[str, str] = field(default_factory=dict)
    ending: frozenset[str] = _NO_IDS
    moving: frozenset[str] = _NO_IDS
    kept: frozenset[str] = _NO_IDS
    doubtful: frozenset[str] = _NO_IDS
    beside: frozenset[int] = frozenset()
    running: Mapping[int, Start] = field(default_factory=dict)

    @cached_property
    def state(self) -> Hashable:
        """Return all that a later judgement depends on."""
        mappings = (self.labels, self.parents, self.ended, self.running)
        sets = (self.ending, self.moving, self.kept, self.doubtful, self.beside)
        return *(frozenset(each.items()) for each in mappings), *sets

    @property
    def records(self) -> frozenset[str]:
        """Return the keys of the records of all sessions."""
        return frozenset(record_key(session.handle or "") for session in self.sessions.values())

    def start(self, caller: int, role: Role, session_id: str) -> "Ledger":
        live = frozenset(each for each in self.sessions if not self.over(each))
        own = frozenset(each for each in live if self.is_own(each))
        after = self
        if role.kind == "end all":
            start = Start(role.kind, own - {session_id})
            after = replace(self, beside=self.beside | self._makers(), kept=self.kept | ({session_id} - {""}))
        elif role.kind in _ENDS:
            is_meant = role.kind in ("end", "log in") or self.is_own(session_id)
            start = Start(role.kind, frozenset({session_id} if is_meant else ()))
            after = self._make(caller, _NO_IDS) if role.makes else self
        elif role.kind == "list":
            start = Start(role.kind, live=own, gone=frozenset(self.sessions) - own)
        else:
            known, over = session_id in self.sessions, self.over(session_id)
            start = Start(role.kind, _NO_IDS, known, over, self.makers.get(role.target) in self._makers("replace"))
            after = self._make(caller, live & {session_id}) if role.makes else self
        return replace(after, ending=after.ending | start.targets, running={**self.running, caller: start})

    def _makers(self, *kinds: Kind) -> frozenset[int]:
        wanted = kinds or ("make", "replace", "log in")
        return frozenset(caller for caller, start in self.running.items() if start.kind in wanted)

    def _make(self, caller: int, moving: frozenset[str]) -> "Ledger":
        beside = {caller} if self._makers("end all") else set()
        return replace(self, moving=self.moving | moving, beside=self.beside | beside)

    def stop(self, caller: int) -> "Ledger":
        return replace(self, running={each: start for each, start in self.running.items() if each != caller})

    def answer(self, caller: int, role: Role, session_id: str, answer: object) -> "Ledger":
        start, after = self.running[caller], self.stop(caller)
        if role.kind in _ENDS:
            after = replace(after, ended={**dict.fromkeys(start.targets, _ENDS[role.kind]), **self.ended})
        if not role.makes or not isinstance(answer, tuple):
            return after
        new_id, session = answer
        return replace(
            after,
            sessions={**self.sessions, new_id: session},
            labels={**self.labels, role.makes: new_id},
            parents={**self.parents, new_id: session_id} if role.kind == "replace" else self.parents,
            doubtful=self.doubtful | ({new_id} if caller in self.beside else set()),
        )

    def is_own(self, session_id: str) -> bool:
        return session_id in self.sessions and self.sessions[session_id].user_id == self.user

    def line(self, session_id: str) -> Iterator[str]:
        """Yield a session and those that it was renewed from."""
        yield session_id
        while session_id in self.parents:
            session_id = self.parents[session_id]
            yield session_id

    def over(self, session_id: str) -> str:
        """Return the law by which no get may obtain a session any more."""
        for each in self.line(session_id):
            if each in self.ended:
                follows = each != session_id and self.ended[each] == "delete-is-final"
                return "delete-follows-renewals" if follows else self.ended[each]
        if session_id in self.parents.values():
            return "renew-ends-the-old"
        return "touch-never-revives" if session_id in self.idle else ""

    def is_ending(self, session_id: str) -> bool:
        """Tell whether something that has started may end a session."""
        return session_id in self.doubtful | self.idle or any(each in self.ending for each in self.line(session_id))
