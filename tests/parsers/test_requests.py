"""The session that we read from a ``Cookie`` header, and the one that others read."""

import pytest
from hypothesis import given, settings

from cross_auth import read_session_cookie
from cross_auth.testing._laws import law
from tests.parsers.differences import CASES, DIFFERENCES, Difference
from tests.parsers.headers import by_the_grammar, from_browsers, wild
from tests.parsers.outcomes import Outcome, outcome_of, session_of
from tests.parsers.readers import READERS, read

many = settings(max_examples=5 * settings().max_examples)  # most headers have no sign, or several


def outcome(reader: str, header: str) -> Outcome | None:
    return outcome_of(session_of(lambda: read(reader, header)), read_session_cookie(header))


def signs_in(header: str, reader: str) -> list[Difference]:
    return [each for each in DIFFERENCES if reader in each.readers and each.sign(header)]


def unlisted(header: str) -> dict[str, Outcome]:
    """Return the readers that differ in a way for which the table knows no sign in the header."""
    different = {reader: outcome(reader, header) for reader in READERS}
    listed = {reader: {way for each in signs_in(header, reader) for way in each.examples} for reader in READERS}
    return {reader: way for reader, way in different.items() if way and way not in listed[reader]}


@law("read-cookie-finds-the-id")
@given(by_the_grammar)
def test_all_read_the_same_id_from_what_the_grammar_allows(header: str) -> None:
    """A header by RFC 6265bis 4.2.1 in which names come once leads every reader to the same session."""
    readers = [reader for reader in READERS if not signs_in(header, reader)]
    assert {"http.cookies"} >= set(READERS) - set(readers)
    assert dict.fromkeys(readers) == {reader: outcome(reader, header) for reader in readers}


@law("read-cookie-finds-the-id", "read-cookie-refuses-tossed")
@many
@given(from_browsers)
def test_readers_differ_over_what_browsers_send_as_listed(header: str) -> None:
    """Cookies that browsers keep, odd ones of other hosts among them, lead to no difference that is not listed."""
    assert {} == unlisted(header)


@law("read-cookie-takes-ids-only", "read-cookie-refuses-tossed")
@many
@given(wild)
def test_readers_differ_over_anything_at_all_as_listed(header: str) -> None:
    """No octets of a header lead to a difference that is not listed."""
    assert {} == unlisted(header)


@law("read-cookie-takes-ids-only", "read-cookie-refuses-tossed")
@pytest.mark.parametrize(("difference", "reader", "expected"), CASES)
def test_each_listed_difference_is_one(difference: Difference, reader: str, expected: Outcome) -> None:
    """The example differs as the table says, and no other reason of the table stands in it."""
    header = difference.examples[expected]
    assert (expected, [difference]) == (outcome(reader, header), signs_in(header, reader))
