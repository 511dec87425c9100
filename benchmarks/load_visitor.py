"""One client of the load run: what it does by chance, and how it checks that every answer is its own."""

from collections import deque
from contextlib import ExitStack
from random import Random

import h11

from benchmarks.load_connection import Answer, Connection
from benchmarks.load_known import Expectation, Known, Person
from benchmarks.load_site import PASSWORD
from benchmarks.load_tally import Tally
from benchmarks.load_witness import FORM, Witness

KEPT = 8  # ended ids that are tried again
# What a client that is signed in does next, out of a thousand times.
MIX = {"page": 860, "devices": 40, "ended id": 50, "unlock": 20, "sign out others": 5, "log out": 15, "log in": 10}


class Visitor:
    """A client of a person, with a connection to each worker."""

    def __init__(self, person: Person, connections: list[Connection], seed: int) -> None:
        self._witness = Witness(person.name)
        self._person = person
        self._connections = connections
        self._random = Random(seed)
        self._known: Known | None = None
        self._ended: deque[str] = deque(maxlen=KEPT)

    def count_in(self, tally: Tally) -> None:
        self._witness.tally = tally

    async def step(self) -> None:
        """Do one thing, and count an answer that does not come as an error."""
        (kind,) = self._random.choices(list(MIX), list(MIX.values())) if self._known else ["log in"]
        self._witness.tally.steps += 1
        try:
            await getattr(self, f"_{kind.replace(' ', '_')}")()
        except (OSError, ValueError, h11.ProtocolError) as error:
            self._witness.tally.errors[f"{kind}: {type(error).__name__}: {error}"] += 1
            if self._known:
                self._known.is_doubtful = True

    async def _ask(
        self, kind: str, path: str, cookie: str = "", form: dict[str, str] | None = None, over: Connection | None = None
    ) -> Answer:
        answer = await (over or self._random.choice(self._connections)).ask(path, cookie, form)
        self._witness.tally.spent[kind].append(answer.seconds)
        if answer.status not in (200, 303):
            raise ValueError(f"the status is {answer.status}")
        return answer

    async def _page(self) -> None:
        known = self._session()
        expected = Expectation(known)
        answer = await self._ask("page", "/", known.id)
        self._judge("page", expected, answer, FORM not in answer.text)

    async def _devices(self) -> None:
        known = self._session()
        expected = Expectation(known)
        answer = await self._ask("devices", "/devices", known.id)
        self._judge("devices", expected, answer, answer.status == 200)

    async def _unlock(self) -> None:
        known = self._session()
        expected = Expectation(known)
        answer = await self._ask("unlock", "/unlock", known.id, {"password": PASSWORD})
        self._judge("unlock", expected, answer, bool(answer.cookie))
        if answer.cookie:
            before = known.id
            known.ids.append(answer.cookie)
            self._witness.see_new(answer.cookie)
            self._ended.append(before)
            await self._try_everywhere(before)
            if known.has_ended:  # a sign-out ended it meanwhile, under its new id as well
                await self._try_everywhere(answer.cookie)

    async def _sign_out_others(self) -> None:
        known, person = self._session(), self._person
        others = [each for each in person.sessions if each is not known and not each.has_ended]
        expected = Expectation(known)
        person.sweeps_begun += 1
        person.sweeps_under_way += 1
        try:
            with ExitStack() as stack:
                for each in others:
                    stack.enter_context(each.ending())
                answer = await self._ask("sign out others", "/devices/sign-out-others", known.id, {})
        except BaseException:
            for each in others:
                each.is_doubtful = True
            raise
        finally:
            person.sweeps_under_way -= 1
        was_done = answer.location == "/devices"
        self._judge("sign out others", expected, answer, was_done)
        if was_done:
            for each in others:
                each.has_ended = True
                await self._try_everywhere(each.id)

    async def _log_out(self) -> None:
        known = self._session()
        with known.ending():
            await self._ask("log out", "/logout", known.id, {})
        known.has_ended = True
        await self._leave(known)

    async def _log_in(self) -> None:
        """Log in, over a live session or over none; what the request carries ends."""
        person, before = self._person, self._known
        sweeps, sweeping = person.sweeps_begun, person.sweeps_under_way
        form = {"username": person.name, "password": PASSWORD}
        with before.ending() if before else ExitStack():
            answer = await self._ask("log in", "/login", before.id if before else "", form)
        if not answer.cookie:
            self._witness.wrong("log in: no cookie came")
            return
        self._witness.see_new(answer.cookie)
        doubtful = bool(sweeping) or person.sweeps_begun > sweeps
        self._known = Known(person.name, [answer.cookie], doubtful)
        person.sessions = [each for each in person.sessions if not each.has_ended] + [self._known]
        if before:
            before.has_ended = True
            await self._try_everywhere(before.id)
            self._ended.append(before.id)

    async def _ended_id(self) -> None:
        """Try an id that has ended; without one, this is a page like others."""
        if self._ended:
            await self._try_everywhere(self._random.choice(self._ended))
        else:
            await self._page()

    async def _try_everywhere(self, session_id: str) -> None:
        """See that an id which has ended leads to the form, whichever worker is asked."""
        for connection in self._connections:
            self._witness.see_ended(await self._ask("ended id", "/", session_id, over=connection))

    async def _leave(self, known: Known) -> None:
        self._known = None
        self._ended.append(known.id)
        await self._try_everywhere(known.id)

    def _judge(self, kind: str, expected: Expectation, answer: Answer, signed_in: bool) -> None:
        known = self._session()
        self._witness.judge(kind, expected, answer, signed_in, known)
        if known.has_ended:
            self._known = None
            self._ended.append(known.id)

    def _session(self) -> Known:
        assert self._known is not None
        return self._known
