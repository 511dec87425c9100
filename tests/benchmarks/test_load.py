"""The clients of the load run: a site that errs is caught, and one that does not is not accused."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any
from unittest.mock import patch

import pytest
import uvicorn

from benchmarks import load
from benchmarks.load_client import visitors_of
from benchmarks.load_connection import connected
from benchmarks.load_known import Expectation, Known
from benchmarks.load_site import add_users, telling_the_worker
from benchmarks.load_tally import Leg, leg
from benchmarks.load_visitor import MIX
from examples import pages, showcase
from tests.benchmarks.broken_sites import (
    Site,
    failing_now_and_then,
    forgetting_somebody,
    letting_in_the_signed_out,
    listing_nothing,
    telling_somebody_elses,
)

CLIENTS = 8


@contextmanager
def serving(damage: Callable[[Site], Site]) -> Iterator[int]:
    """Serve the showcase from a thread, over sessions in memory, damaged."""
    site = telling_the_worker(damage(showcase.create_app(showcase.opened("memory://"))))
    server = uvicorn.Server(uvicorn.Config(site, log_level="error"))
    with patch.dict(pages.USERS), patch.dict(pages.templates.globals), socket.create_server(("127.0.0.1", 0)) as port:
        add_users()
        thread = Thread(target=lambda: asyncio.run(server.serve([port])))
        thread.start()
        yield port.getsockname()[1]
        server.should_exit = True
        thread.join()


async def steps(port: int) -> list[dict[str, Any]]:
    """Let a few clients take a few steps each, most kinds as often as others."""
    legs: list[Leg] = []
    async with connected(port, CLIENTS, workers=1) as connections, leg("a few steps", [], legs) as tally:
        visitors = visitors_of(connections)
        for visitor in visitors:
            visitor.count_in(tally)
        for _ in range(30):
            await asyncio.gather(*(visitor.step() for visitor in visitors))
    return [each.told() for each in legs]


def told(damage: Callable[[Site], Site]) -> list[dict[str, Any]]:
    with serving(damage) as port, patch.dict(MIX, dict.fromkeys(MIX, 10), page=60):
        return asyncio.run(steps(port))


@pytest.mark.parametrize(
    ("damage", "what", "wanted"),
    [
        (telling_somebody_elses, "wrong", " was told to be client-"),
        (letting_in_the_signed_out, "wrong", "a session that had ended was let in"),
        (forgetting_somebody, "wrong", "page: a live session was not let in"),
        (listing_nothing, "wrong", "devices: a live session was not listed"),
        (failing_now_and_then, "errors", "the status is 503"),
    ],
)
def test_a_site_that_errs_is_caught(damage: Callable[[Site], Site], what: str, wanted: str) -> None:
    """The clients see each thing that a site may do wrong, and the page of the results says what it was."""
    legs = told(damage)
    assert [] != [text for leg in legs for text in leg[what] if wanted in text]
    assert wanted in load.render(found(legs))
    assert not all(target.met for target in load.targets(found(legs)))


def test_a_site_that_does_not_err_is_not_accused() -> None:
    """Over the showcase as it is nothing is wrong, and every kind of request is made."""
    legs = told(lambda site: site)
    assert [({}, {})] == [(leg["wrong"], leg["errors"]) for leg in legs]
    assert [True, True] == [target.met for target in load.targets(found(legs))]
    assert MIX.keys() == legs[0]["kinds"].keys()


def found(legs: list[dict[str, Any]]) -> dict[str, Any]:
    return {"clients": CLIENTS, "workers": 1, "seconds": 1, "processors": 2, "legs": legs}


def test_a_session_that_was_seen_to_have_ended_stays_ended() -> None:
    """A sign-out that is under way may be seen or not, and what was seen is not taken back."""
    known = Known("user", ["id"])
    with known.ending():
        assert "" == Expectation(known).judge(signed_in=True)
        assert "" == Expectation(known).judge(signed_in=False)
        assert "a session that had ended was let in" == Expectation(known).judge(signed_in=True)


def test_a_session_may_end_after_it_was_looked_up_and_before_the_list() -> None:
    """The page of the list reads the session, then the list: one that was being ended may be on none, and has ended."""
    known = Known("user", ["id"])
    expected = Expectation(known)
    assert "" == expected.judge(signed_in=True)
    assert "a live session was not listed" == expected.judge_unlisted()
    with known.ending():
        assert "" == expected.judge_unlisted()
    assert known.has_ended
