"""The table of the guide on cookies is the one that the tests hold."""

import re
from pathlib import Path

import fastapi
import flask
import pytest
import starlette.requests
import werkzeug

from tests.parsers.differences import DIFFERENCES, Difference
from tests.parsers.readers import READERS

GUIDE = Path(__file__).parents[2] / "docs/guides/cookies.md"


def row_of(difference: Difference) -> str:
    left_out = [reader for reader in READERS if reader not in difference.readers]
    who = ", ".join(difference.readers) if len(left_out) > 1 else " but ".join(["all", *left_out])
    outcomes = ", ".join(outcome.name.lower() for outcome in difference.examples)
    return f"| {difference.text} | {who} | {outcomes} | {difference.reason} | `{difference.sign.__name__}` |"


def test_the_guide_lists_the_differences() -> None:
    """Each row stands in the guide, in order, and the guide has no row of its own."""
    found = re.findall(r"^\|.*\| `[a-z_0-9]+` \|$", GUIDE.read_text("utf-8"), re.MULTILINE)
    assert [row_of(difference) for difference in DIFFERENCES] == found


@pytest.mark.parametrize(
    ("framework", "toolkit"), [(fastapi.Request, starlette.requests.Request), (flask.Request, werkzeug.Request)]
)
def test_a_framework_reads_cookies_as_its_toolkit(framework: type, toolkit: type) -> None:
    """What is said of FastAPI holds for Starlette, and what is said of Flask for Werkzeug and Quart."""
    assert getattr(toolkit, "cookies") is getattr(framework, "cookies")  # noqa: B009  no instance is at hand
