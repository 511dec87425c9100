"""The listed differences between readers, over HTTP."""

from collections.abc import Iterator
from http.client import HTTPConnection
from json import loads
from urllib.parse import quote

import pytest

from cross_auth.testing._laws import law
from tests.parsers.differences import CASES, Difference
from tests.parsers.outcomes import Outcome, outcome_of
from tests.parsers.servers import running


@pytest.fixture(scope="module")
def ports() -> Iterator[dict[str, int]]:
    with running() as found:
        yield found


@law("read-cookie-takes-ids-only", "read-cookie-refuses-tossed")
@pytest.mark.parametrize(("difference", "reader", "outcome"), CASES)
def test_a_listed_difference_travels(
    ports: dict[str, int], difference: Difference, reader: str, outcome: Outcome
) -> None:
    """A client that sends the header of an example to a running server finds the difference that is listed."""
    connection = HTTPConnection("127.0.0.1", ports[reader])
    connection.request("GET", f"/{quote(reader)}", headers={"Cookie": difference.examples[outcome]})
    theirs, ours = loads(connection.getresponse().read())
    connection.close()
    assert outcome == outcome_of(theirs, ours)
