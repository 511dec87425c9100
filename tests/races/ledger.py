"""What the callers of one run were told, and the laws that it is held to."""

from collections.abc import Callable, Collection, Hashable, Iterator
from dataclasses import dataclass, field

from cross_auth import SessionData
from cross_auth._operations import handle_of, record_key
from tests.races.model import Call, Fault
from tests.races.scenarios import Role

LAWS = {
    "create-is-readable": "A session whose id was returned is read until its end has begun.",
    "delete-is-final": "No get that starts after a delete has returned, or after a renewal has, obtains that session.",
    "read-is-whole": "A read obtains exactly the data that was returned with the id.",
    "get-unknown-is-none": "Where nothing failed, an id that was not returned to anyone is no session.",
    "get-never-writes": "A get calls nothing that changes the storage.",
    "outage-raises": "An operation whose call failed raises.",
    "cancellation-raises": "An operation that was cancelled raises.",
    "record-is-written-once": "No record is written a second time.",
    "one-winner": "Of the ids that renewals of one session returned at most one is live.",
    "no-orphan": "Where nothing failed, every record belongs to an id that was returned.",
}


@dataclass(frozen=True)
class Start:
    """What held when an operation started."""

    targets: frozenset[str]
    was_known: bool
    was_over: bool


@dataclass
class Ledger:
    """Note who started and returned what; ``broken`` maps a law to what broke it."""

    sessions: dict[str, SessionData] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    ending: set[str] = field(default_factory=set)
    moving: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    replaced: set[str] = field(default_factory=set)
    running: dict[int, Start] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)
    broken: dict[str, str] = field(default_factory=dict)
    nothing_failed: bool = True

    def state(self) -> Hashable:
        """Return all that a later judgement depends on."""
        return (
            frozenset(self.labels.items()),
            frozenset(self.parents.items()),
            *(frozenset(each) for each in (self.ending, self.moving, self.deleted, self.replaced)),
            frozenset(self.running.items()),
        )

    def start(self, caller: int, role: Role, session_id: str) -> None:
        targets = frozenset(self.sessions if role.kind == "end all" else [session_id])
        self.running[caller] = Start(targets, session_id in self.sessions, self._is_over(session_id))
        if role.kind in ("end", "end all"):
            self.ending |= targets
        elif role.kind == "replace":
            self.moving |= targets

    def watch(self, role: Role, call: Call) -> None:
        """Judge a call that is about to have its effect."""
        if role.kind in ("read", "guess") and call.name != "get":
            self._break("get-never-writes", f"{role} calls {call.name}")
        if call.name == "set" and call.key.startswith("session:"):
            if call.key in self.written:
                self._break("record-is-written-once", f"{role} writes a record that was written before")
            self.written.add(call.key)

    def fail(self, caller: int) -> None:
        del self.running[caller]

    def answer(self, caller: int, role: Role, session_id: str, answer: object, fault: Fault) -> None:
        start = self.running.pop(caller)
        if fault.error is not None:
            law = "outage-raises" if fault in (Fault.REFUSED, Fault.LOST) else "cancellation-raises"
            self._break(law, f"{role} answers")
        if role.kind in ("read", "guess"):
            self._judge(role, session_id, answer, start)
        elif role.kind in ("end", "end all"):
            self.deleted |= start.targets
        elif role.makes and isinstance(answer, tuple):
            new_id, self.sessions[new_id] = answer
            self.labels[role.makes] = new_id
            if role.kind == "replace":
                self.parents[new_id] = session_id
                self.replaced.add(session_id)

    def _judge(self, role: Role, session_id: str, answer: object, start: Start) -> None:
        if answer is None:
            if start.was_known and not self._is_ending(session_id):
                self._break("create-is-readable", f"{role} finds nothing")
        elif start.was_over:
            self._break("delete-is-final", f"{role} obtains a session that is over")
        elif session_id not in self.sessions:
            if self.nothing_failed:  # a create whose answer is lost leaves a record whose id nobody knows
                self._break("get-unknown-is-none", f"{role} obtains a session whose id was not returned")
        elif answer != self.sessions[session_id]:
            self._break("read-is-whole", f"{role} obtains other data")

    def audit(self, get: Callable[[str], SessionData | None]) -> None:
        """Judge what is left when every caller is through; ``get`` is a get that starts now."""
        live: set[str] = set()
        for session_id in self.sessions:
            answer = get(session_id)
            start = Start(frozenset(), True, self._is_over(session_id))
            self._judge(Role("a get at the end", "", "read"), session_id, answer, start)
            live |= {session_id} if answer is not None else set()
        roots = [[*self._line(session_id)][-1] for session_id in live]
        if len(roots) != len(set(roots)):
            self._break("one-winner", "two ids of one session are live")

    def audit_keys(self, keys: Collection[str]) -> None:
        """Judge what is stored when every caller is through, whatever a get makes of it."""
        records = {record_key(handle_of(session_id)): session_id for session_id in self.sessions}
        if any(key in keys and self._is_over(session_id) for key, session_id in records.items()):
            self._break("delete-is-final", "the record of a session that is over is left")
        if self.nothing_failed and any(key.startswith("session:") and key not in records for key in keys):
            self._break("no-orphan", "a record is left whose id was not returned")

    def _line(self, session_id: str) -> Iterator[str]:
        yield session_id
        while session_id in self.parents:
            session_id = self.parents[session_id]
            yield session_id

    def _is_over(self, session_id: str) -> bool:
        return session_id in self.replaced or any(each in self.deleted for each in self._line(session_id))

    def _is_ending(self, session_id: str) -> bool:
        return session_id in self.moving or any(each in self.ending for each in self._line(session_id))

    def _break(self, law: str, how: str) -> None:
        self.broken.setdefault(law, f"{LAWS[law]} But {how}.")
