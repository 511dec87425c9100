"""How the session that another reader finds in a ``Cookie`` header differs from ours."""

import re
from collections.abc import Callable
from enum import Enum

from tests.parsers.readers import NAME, Cookies

ERROR = "error"


class Outcome(Enum):
    """Name the ways to differ."""

    TAKES = "takes an id where we take none"
    SWAPS = "takes another id"
    MISSES = "finds no id where we do"
    RAISES = "raises"


def session_of(reading: Callable[[], Cookies]) -> str | None:
    """Return the id among the cookies that are read; what has not the form of an id leads to no session."""
    try:
        value = reading().get(NAME)
    except Exception:  # noqa: BLE001  whatever they raise, the request fails
        return ERROR
    return value if value and re.fullmatch("[A-Za-z0-9_-]{43}", value) else None


def outcome_of(theirs: str | None, ours: str | None) -> Outcome | None:
    """Compare two sessions; None: they are one, or none both."""
    if theirs == ERROR:
        return Outcome.RAISES
    if theirs == ours:
        return None
    if ours is None:
        return Outcome.TAKES
    return Outcome.MISSES if theirs is None else Outcome.SWAPS
