"""How much the tests do: a little for `make check`, more for `make check-thorough`."""

import os
from unittest import TestCase

from hypothesis import settings

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
KILLS = 50 if THOROUGH else 8
DEAD_SESSIONS = 1_000_000 if THOROUGH else 100_000


def shorter(case: type[TestCase]) -> type[TestCase]:
    """Let a machine have a quarter of the examples, where another storage has the same logic or statements."""
    case.settings = settings(max_examples=settings().max_examples // 4)  # type: ignore[attr-defined]  # Hypothesis's way
    return case
