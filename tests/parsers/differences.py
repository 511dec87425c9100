"""Where others read another session from a ``Cookie`` header than we do, and why we do not follow them."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.parsers import signs
from tests.parsers.outcomes import Outcome
from tests.parsers.readers import NAME, READERS

ID, OTHER = "A" * 43, "B" * 43
_OURS = f"{NAME}={ID}"


@dataclass(frozen=True)
class Difference:
    """Tell for which sign in a header some readers differ from us; in each example it is the only one."""

    sign: Callable[[str], bool]
    text: str
    readers: tuple[str, ...]
    examples: dict[Outcome, str]
    reason: str


DIFFERENCES = [
    Difference(
        signs.two_values,
        "our name twice, with different values",
        READERS,
        {Outcome.TAKES: f"{_OURS}; {NAME}={OTHER}"},
        "Another host of the site set one of them (cookie tossing). Its path decides which comes first,"
        " so neither the first nor the last is safe.",
    ),
    Difference(
        signs.nameless,
        "our name without `=`: a value that has no name",
        tuple(reader for reader in READERS if reader != "http.cookies"),
        {Outcome.TAKES: f"{_OURS}; {NAME}"},
        "Nothing. We refuse a request whose cookies somebody has meddled with.",
    ),
    Difference(
        signs.quoted,
        "our value in quotes",
        READERS,
        {Outcome.TAKES: f'{NAME}="{ID}"'},
        "Quotes and `\\101` give one id many spellings, past whatever compares or masks cookies on the way.",
    ),
    Difference(
        signs.quotes_across,
        "a quote in one cookie, its end in a later one",
        ("http.cookies", "Flask", "werkzeug.http"),
        {Outcome.MISSES: f'a="b; {_OURS}; c=d"'},
        "Two cookies of an attacker swallow the one between them (cookie sandwich): the user is signed out,"
        " and a page that shows cookie `a` shows the id.",
    ),
    Difference(
        signs.percent,
        "`%41` in our value",
        ("Litestar",),
        {Outcome.TAKES: f"{NAME}=%41{ID[1:]}"},
        "As with quotes: one id, many spellings.",
    ),
    Difference(
        signs.wide_space,
        "white space other than space and tab around our name or value, as octets (U+00A0, U+0085, U+001C)",
        ("Django (ASGI)", "FastAPI", "Litestar"),
        {
            Outcome.SWAPS: f"{_OURS}; \xa0{NAME}={OTHER}",
            Outcome.TAKES: f"\xa0{_OURS}",
            Outcome.MISSES: f"{_OURS}; \xa0{NAME}=",
        },
        "To the browser it is another name, so another host may set it, even where the name starts with `__Host-`.",
    ),
    Difference(
        signs.wide_space_in_utf_8,
        "the same in UTF-8 (U+2000, U+3000)",
        ("Django (WSGI)",),
        {
            Outcome.SWAPS: f"{_OURS}; \xe2\x80\x80{NAME}={OTHER}",
            Outcome.TAKES: f"\xe2\x80\x80{_OURS}",
            Outcome.MISSES: f"{_OURS}; \xe2\x80\x80{NAME}=",
        },
        "The same, and a script can write it.",
    ),
    Difference(
        signs.space_in_a_pair,
        "a space within a cookie",
        ("http.cookies",),
        {
            Outcome.SWAPS: f"{_OURS}; a=b {NAME}={OTHER}",
            Outcome.TAKES: f"a=b {_OURS}",
            Outcome.MISSES: f"{_OURS}; a=b {NAME}=c",
        },
        "Whoever has a say in the value of any cookie sets the session cookie.",
    ),
    Difference(
        signs.attribute_name,
        "a cookie called `path`, `secure`, `$a`",
        ("http.cookies",),
        {Outcome.MISSES: f"path=b; {_OURS}", Outcome.RAISES: f"{_OURS}; $a=b"},
        "One such cookie, from any host of the site, signs the user out or is an error on every page.",
    ),
    Difference(
        signs.odd_pair,
        "a cookie outside the grammar: no `=`, a comma, a letter beyond ASCII",
        ("http.cookies",),
        {
            Outcome.MISSES: f"a; {_OURS}",
            Outcome.TAKES: f"{_OURS}; \xe9=; {NAME}",
            Outcome.RAISES: f"{_OURS}; a,b=c",
        },
        "The same, with a cookie that browsers keep and the grammar does not have.",
    ),
    Difference(
        signs.not_utf_8,
        "octets that are not UTF-8",
        ("werkzeug.http",),
        {Outcome.RAISES: f"{_OURS}; a=\xe9"},
        "One octet in any cookie is an error on every page. Flask's `request.cookies` does not raise.",
    ),
]
CASES = [
    pytest.param(difference, reader, outcome, id=f"{difference.sign.__name__}-{reader}-{outcome.name.lower()}")
    for difference in DIFFERENCES
    for reader in difference.readers
    for outcome in difference.examples
]
