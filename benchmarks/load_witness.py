"""What is wrong with the answers that one client of the load run gets."""

import re

from benchmarks.load_connection import Answer
from benchmarks.load_known import Expectation, Known, shown_handle
from benchmarks.load_tally import Tally

FORM = 'action="/login"'
_USER = re.compile(r"<h1>Hello, ([^<]+)</h1>")
_HANDLE = re.compile(r"<code>([0-9a-f]{12})</code>")
_owners: dict[str, str] = {}  # whose each session is, of all clients


class Witness:
    """Hold each answer to what is known, and tell the tally of the part of the run that is under way."""

    def __init__(self, user: str) -> None:
        self.tally = Tally()
        self._user = user

    def judge(self, kind: str, expected: Expectation, answer: Answer, signed_in: bool, known: Known) -> None:
        own, handles = shown_handle(known.id), _HANDLE.findall(answer.text)
        problem = expected.judge(signed_in)
        if not problem and kind == "devices" and signed_in and own not in handles:
            problem = expected.judge_unlisted()
        if problem:
            self.wrong(f"{kind}: {problem}")
        elif signed_in and answer.status == 200:
            self._check_identity(kind, answer.text, own, handles)

    def _check_identity(self, kind: str, text: str, own: str, handles: list[str]) -> None:
        """See that a page is the user's and of the client's own session, and that each session listed is the user's."""
        names = _USER.findall(text)
        if kind == "page" and names != [self._user]:
            self.wrong(f"page: {self._user} was told to be {', '.join(names) or 'nobody'}")
        if kind == "page" and own not in handles:
            self.wrong(f"page: the session {own} was shown another one")
        for owner in {_owners.get(each, self._user) for each in handles} - {self._user}:
            self.wrong(f"{kind}: a session of {owner} was shown to {self._user}")

    def see_new(self, session_id: str) -> None:
        """See that a session which has just been made is nobody else's."""
        owner = _owners.setdefault(shown_handle(session_id), self._user)
        if owner != self._user:
            self.wrong(f"log in: {self._user} was given a session of {owner}")

    def see_ended(self, answer: Answer) -> None:
        if FORM not in answer.text:
            self.wrong("ended id: a session that had ended was let in")

    def wrong(self, what: str) -> None:
        self.tally.wrong[what] += 1
