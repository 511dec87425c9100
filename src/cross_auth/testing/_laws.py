"""Tie a test to the laws of the spec that it shows, and a failure to the sentence that was broken."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar, cast

Test = TypeVar("Test", bound=Callable[..., Any])

# The wheel has no spec, so the sentences stand here, too; tests/meta/test_kit_messages.py holds them to it.
SENTENCES = {
    "create-is-readable": (
        "What it returns is what `get_session` reads with that id, until the session is deleted or has expired."
    ),
    "create-lives-max-age": (
        "`expires_at` is exactly `max_age` seconds after `created_at`; the record is stored with a ttl of `max_age`."
    ),
    "create-id-is-random": (
        "The id is 256 random bits as 43 characters of `A-Z a-z 0-9 - _`, and no two are the same."
    ),
    "id-is-never-stored": "No key and no value that reaches a storage contains a session id.",
    "get-never-writes": "It reads the storage once and never writes.",
    "get-unknown-is-none": ("An id that was never made, and whatever a storage shows in place of one, is no session."),
    "get-malformed-is-none": "Text that cannot be an id is answered with `None` without asking the storage.",
    "get-is-dead-at-expiry": ("A session is dead from the instant `expires_at`, whatever the storage still holds."),
    "delete-is-final": "After it has returned no caller gets the session, whatever was in flight.",
    "delete-is-idempotent": "Deleting twice, or an id that was never made, is a no-op.",
    "storage-get-returns-what-was-set": (
        "`get` returns the value that was set last, to the character, and `None` for a key that is not there."
    ),
    "storage-set-replaces": "`set` replaces both the value and the ttl that the key had.",
    "storage-honours-ttl": "A key is there until its ttl has passed and gone from then on; without a ttl it stays.",
    "storage-delete-is-quiet": "`delete` removes that key and no other, and an absent key is no error.",
    "storage-pop-has-one-winner": ("Of concurrent `pop`s of one key exactly one gets the value, and the key is gone."),
    "storage-keys-are-exact": "Keys are compared byte by byte: no folding, trimming or patterns.",
    "storage-is-safe-for-threads": "No call of one thread is lost because of another thread.",
    "storage-starts-empty": "Two storages that were made fresh share nothing.",
    "storage-is-awaited": "Each method is a coroutine function.",
    "storage-survives-cancellation": (
        "A call that is cancelled leaves the storage in order, and its answer is never given to another call."
    ),
}


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
