"""Tie a test to the laws of the spec that it shows, and a failure to the sentence that was broken."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar, cast

from cross_auth.testing._sentences import SENTENCES

Test = TypeVar("Test", bound=Callable[..., Any])


def law(*ids: str) -> Callable[[Test], Test]:
    """Mark a test function or class with the ids of the laws that it shows.

    Where a function shows a sentence of the storage contract, its failure begins with that sentence.
    """

    def mark(test: Test) -> Test:
        told = _telling(test, ids[0]) if ids[0].startswith("storage-") and not isinstance(test, type) else test
        told.laws = ids  # type: ignore[attr-defined]  # read by pytest plugins and by people
        return told

    return mark


def _telling(test: Test, sentence: str) -> Test:
    @wraps(test)
    def told(*args: Any, **kwargs: Any) -> Any:
        with clause(sentence):
            return test(*args, **kwargs)

    return cast("Test", told)


@contextmanager
def clause(sentence: str) -> Iterator[None]:
    """Say which sentence of the contract was broken where a check fails, or where a call raises."""
    try:
        yield
    except AssertionError as error:
        if not str(error).startswith("contract: "):
            error.args = (f"contract: {SENTENCES[sentence]}\n{error}",)
        raise
    except Exception as error:
        error.add_note(f"contract: {SENTENCES[sentence]}")
        raise
