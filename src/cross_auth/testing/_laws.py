"""Tie a test to the laws of the spec that it shows."""

from collections.abc import Callable
from typing import Any, TypeVar

Test = TypeVar("Test", bound=Callable[..., Any])


def law(*ids: str) -> Callable[[Test], Test]:
    """Mark a test function or class with the ids of the laws that it shows."""

    def mark(test: Test) -> Test:
        test.laws = ids  # type: ignore[attr-defined]  # read by pytest plugins and by people
        return test

    return mark
