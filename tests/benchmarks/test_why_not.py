"""The comparison with other libraries: the page says what was seen, and what was seen of ours is so today."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.peers.__main__ import ask_all
from benchmarks.peers.columns import COLUMNS, Column
from benchmarks.peers.questions import QUESTIONS
from benchmarks.peers.table import RESULTS, load, render
from benchmarks.peers.visitor import Visitor, with_max_age
from tests.servers import redis_server

ROOT = Path(__file__).parents[2]
PAGE = ROOT.joinpath("docs/guides/why-not.md").read_text("utf-8")
SEEN = RESULTS.read_text("utf-8")
PINS = ROOT.joinpath("benchmarks/peers/requirements.txt").read_text("utf-8")


def drifts(page: str, seen: str, pins: str) -> Iterator[str]:
    """Yield where the page, the answers and the pinned releases do not tell of the same."""
    if render(seen) not in page:
        yield "the page has another table"
    for each in load(seen):
        if each.name == "ours":
            continue
        distribution = each.name.partition(",")[0]
        if f"\n{distribution}=={each.version}\n".lower() not in pins.lower():
            yield f"{distribution} {each.version} is not pinned"
        named = re.findall(rf"{distribution} (\d[\d.]*\d)", page)
        yield from (f"{distribution} {version} is named" for version in named if version != each.version)


def test_the_page_says_what_was_seen() -> None:
    """The table of the page is that of the answers, of the releases that are pinned."""
    assert [] == list(drifts(PAGE, SEEN, PINS))


@pytest.mark.parametrize(
    ("page", "seen", "pins", "found"),
    [
        (PAGE.replace("| no |", "| yes |", 1), SEEN, PINS, "the page has another table"),
        (PAGE, SEEN.replace('"outage": "no"', '"outage": "yes"'), PINS, "the page has another table"),
        (PAGE, SEEN, PINS.replace("litestar==2.25", "litestar==2.26"), "Litestar 2.25.0 is not pinned"),
        (PAGE.replace("crudauth 0.8.2", "crudauth 0.8.1"), SEEN, PINS, "crudauth 0.8.1 is named"),
    ],
)
def test_a_page_that_drifts_is_found(page: str, seen: str, pins: str, found: str) -> None:
    """One cell or version that is changed in one place alone is named."""
    assert {found} == set(drifts(page, seen, pins))


def test_everybody_has_answered_every_question() -> None:
    """The answers are those of each site to each question, in the order of the table."""
    asked = [(column.name, [question.id for question in QUESTIONS]) for column in COLUMNS]
    assert asked == [(each.name, list(each.answers)) for each in load(SEEN)]


@pytest.mark.skipif(bool(redis_server.missing()), reason=redis_server.missing())
def test_a_site_that_does_it_wrong_is_found_by_every_question() -> None:
    """Each question has an answer that is not "yes"; only a log-out that nothing disturbs is one there."""
    seen, failed = ask_all([Column("naive", "tests.benchmarks.naive_site", "Redis", ours=True)])
    words = dict.fromkeys([question.id for question in QUESTIONS], "no")
    words |= {
        "log_out": "yes",
        "every_order": "no, in 2 of 4",
        "cookie": "none",
        "data": "yes",
        "calls": "2",
        "marking_calls": "2",
    }
    assert ([words], []) == ([each.answers for each in seen], failed)


@pytest.mark.skipif(bool(redis_server.missing()), reason=redis_server.missing())
def test_what_was_seen_of_this_library_is_so_today() -> None:
    """A site on this library, asked again, answers as the page says; it keeps no data of the application."""
    seen, failed = ask_all([column for column in COLUMNS if column.ours])
    told = [each for each in load(SEEN) if each.name == "ours"]
    assert ([each.answers for each in told], []) == ([each.answers for each in seen], failed)
    assert ["data"] == [question for each in seen for question, answer in each.answers.items() if answer == "no"]


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        (["id=1; Path=/"], "id=1"),
        (["id=1; Path=/", "id=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], ""),
        (["id=1; Path=/", "id=; Path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60"], "id="),
        (["id=1; Path=/", "id=; Path=/; Expires=Fri, 01 Jan 2999 00:00:00 GMT"], "id="),
        (["__Host-id=1; Path=/; Secure", "__Host-id=; Path=/; Max-Age=0"], "__Host-id=1"),
    ],
)
def test_a_visitor_drops_a_cookie_as_a_browser_does(headers: list[str], kept: str) -> None:
    """An end in the past drops a cookie, unless there is a Max-Age, and unless the header is to be ignored."""
    visitor = Visitor(0)
    for header in headers:
        visitor.browser.receive(with_max_age(header))
    assert kept == visitor.cookies
