"""Our rules against Chromium's: neither looser, nor stricter without a reason that is written down."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cross_auth.testing._laws import law
from tests.browsers.asked import Asked
from tests.browsers.differences import DIFFERENCES, Difference, table
from tests.browsers.laboratory import HOST, Laboratory
from tests.browsers.rules import KEPT_BY_BOTH, REFUSED_BY_BOTH
from tests.strategies import cookie_values, names, odd_text, paths

odd = odd_text | st.text(max_size=5)
prefixes = st.sampled_from(["__Host-", "__secure-", "__hTTP-", "__Host-Http-"])
fields: dict[str, st.SearchStrategy[Any]] = {
    "name": names | odd | st.builds("{}{}".format, prefixes, names),
    "value": cookie_values | odd,
    "path": paths | odd | odd.map("/{}".format),
    "domain": st.none() | st.sampled_from([HOST, f".{HOST}"]) | odd | odd.map(f"{HOST}{{}}".format),
    "max_age": st.none() | st.integers(1, 34_560_000) | st.integers(34_560_060, 10**12),
    "samesite": st.sampled_from(["lax", "strict", "none"]),
    "secure": st.booleans(),
    "httponly": st.booleans(),
    "partitioned": st.booleans(),
}
cookies = st.fixed_dictionaries({}, optional=fields).map(lambda drawn: Asked(**drawn))
shown = [pytest.param(each, asked, id=repr(asked)) for each in DIFFERENCES for asked in each.shown_by]


@law("cookie-fields-are-exact", "cookie-fits", "cookie-secure-prefix", "cookie-host-prefix", "cookie-http-prefix")
@pytest.mark.parametrize("asked", REFUSED_BY_BOTH.values(), ids=REFUSED_BY_BOTH)
def test_what_we_refuse_the_browser_does_not_keep_as_asked(laboratory: Laboratory, asked: Asked) -> None:
    """It drops the cookie, or keeps another one: with less of it, or with other attributes."""
    assert (False, False) == (asked.is_allowed(), laboratory.keeps(asked, asked.header()))


@pytest.mark.parametrize("asked", KEPT_BY_BOTH.values(), ids=KEPT_BY_BOTH)
def test_what_we_allow_the_browser_keeps_as_asked(laboratory: Laboratory, asked: Asked) -> None:
    """Up to the last octet that a rule allows."""
    assert (True, True) == (asked.is_allowed(), laboratory.keeps(asked, asked.header()))


@pytest.mark.parametrize(("difference", "asked"), shown)
def test_each_difference_is_one(laboratory: Laboratory, difference: Difference, asked: Asked) -> None:
    """We refuse the cookie, Chromium keeps it as asked, and nothing else in the list is about it."""
    assert (False, True) == (asked.is_allowed(), laboratory.keeps(asked, asked.header()))
    assert [difference] == [each for each in DIFFERENCES if each.applies(asked)]


@law("cookie-fields-are-exact")
@settings(max_examples=4 * settings().max_examples)
@given(cookies)
def test_there_is_no_other_difference(laboratory: Laboratory, asked: Asked) -> None:
    """Whatever is asked for its own host: both keep it, or neither, or the list says why we refuse."""
    listed = any(each.applies(asked) for each in DIFFERENCES)
    kept = laboratory.keeps(asked, asked.header())
    if asked.is_allowed():
        assert kept == asked.is_for(HOST)
    else:
        assert not kept or listed


def test_the_guide_lists_the_differences() -> None:
    """The guide on cookies shows the table as it is checked here."""
    assert table() in Path(__file__).parents[2].joinpath("docs/guides/cookies.md").read_text("utf-8")
