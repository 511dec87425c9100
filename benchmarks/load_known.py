"""What the clients of the load run know of sessions, and what an answer must therefore be."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256


def shown_handle(session_id: str) -> str:
    return sha256(session_id.encode()).hexdigest()[:12]


@dataclass(eq=False)
class Known:
    """One session: the ids that it has had, the last of which is live, and the calls that end it.

    While such a call is under way the session may be live or not; what is seen to have ended stays so.
    """

    user: str
    ids: list[str]
    is_doubtful: bool = False  # its log-in ran beside a sign-out that may have ended it
    has_ended: bool = False
    ends_under_way: int = 0
    ends_begun: int = 0

    @property
    def id(self) -> str:
        return self.ids[-1]

    @contextmanager
    def ending(self) -> Iterator[None]:
        """Hold that the session may end meanwhile."""
        self.ends_begun += 1
        self.ends_under_way += 1
        try:
            yield
        finally:
            self.ends_under_way -= 1


@dataclass(eq=False)
class Person:
    """A user, with the sessions that all clients of the user have had, and the sign-outs of all others."""

    name: str
    sessions: list[Known] = field(default_factory=list)
    sweeps_under_way: int = 0
    sweeps_begun: int = 0


class Expectation:
    """What a request may be answered, from what was known as it was sent."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._had_ended = known.has_ended
        self._was_ending = known.ends_under_way > 0
        self._ends_begun = known.ends_begun

    def judge(self, signed_in: bool) -> str:
        """Say what is wrong with an answer, or nothing; what it shows is known from then on."""
        known = self._known
        if signed_in and self._had_ended:
            return "a session that had ended was let in"
        if not signed_in and not self._had_ended and not self._may_have_ended():
            known.has_ended = True  # told once
            return "a live session was not let in"
        known.has_ended = known.has_ended or not signed_in
        return ""

    def judge_unlisted(self) -> str:
        """Say the same of a list of the user's sessions, read after the session was, that does not have it."""
        if not self._may_have_ended():
            return "a live session was not listed"
        self._known.has_ended = True
        return ""

    def _may_have_ended(self) -> bool:
        known = self._known
        return self._was_ending or known.ends_begun > self._ends_begun or known.is_doubtful
