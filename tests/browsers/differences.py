"""Where Chromium keeps, as it was asked, a cookie that ``Cookie`` refuses: each with the reason to refuse it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.browsers.asked import Asked

_CONTROLS = r"[\x00-\x1f\x7f]"
_TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_OCTETS = r"[\x21\x23-\x2B\x2D-\x3A\x3C-\x5B\x5D-\x7E]*"


@dataclass(frozen=True)
class Difference:
    """A kind of cookie, how to recognise one, cookies that show it, and why it is refused."""

    what: str
    applies: Callable[[Asked], bool]
    shown_by: tuple[Asked, ...]
    why: str


def _is_plain(text: str, ends: str) -> bool:
    """Tell whether a browser takes a text whole: it has no control, no end of its part, and no space around it."""
    return not re.search(f"{_CONTROLS}|[{ends}]", text) and text == text.strip(" ")


DIFFERENCES = (
    Difference(
        'a name that is no token: with a space, one of `"(),/:<>?@[\\]{}`, or beyond ASCII',
        lambda asked: _is_plain(asked.name, ";=") and asked.name != "" and not re.fullmatch(_TOKEN, asked.name),
        tuple(Asked(name=f"a{character}b") for character in ' "(),/:<>?@[\\]{}é\u2028'),
        "RFC 6265bis 4.1.1 lets a server send tokens alone, and readers differ on the rest:"
        " http.cookies gives up on the whole header, Werkzeug on that cookie, Django and Starlette take it.",
    ),
    Difference(
        "an empty name",
        lambda asked: asked.name == "" and "=" not in asked.value.partition(";")[0],
        (Asked(name=""), Asked(name="", samesite="strict", secure=False)),
        "The browser sends the value alone, without `=`, so what stands in it passes for another cookie.",
    ),
    Difference(
        "a value with a space or a comma inside, a double quote, a backslash, or beyond ASCII",
        lambda asked: _is_plain(asked.value, ";") and not re.fullmatch(_OCTETS, asked.value),
        tuple(Asked(value=f"a{character}b") for character in ' ",\\é') + (Asked(value='"a"'),),
        "RFC 6265bis 4.1.1 lets a server send cookie octets alone;"
        " parsers unquote, unescape, split or decode these, each in its own way.",
    ),
    Difference(
        "a path beyond ASCII",
        lambda asked: _is_plain(asked.path, ";") and asked.path[:1] == "/" and not asked.path.isascii(),
        (Asked(path="/café"),),
        "Requests carry such a path percent-encoded, so the cookie is kept and never sent: write `/caf%C3%A9`.",
    ),
)


def table() -> str:
    """Return the differences as the Markdown that the guide on cookies shows."""
    rows = [f"| {each.what} | {each.why} |" for each in DIFFERENCES]
    return "\n".join(["| Refused by us, kept by Chromium | Why we refuse it |", "| --- | --- |", *rows])


if __name__ == "__main__":
    print(table())
