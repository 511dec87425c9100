"""What a client library raised, told without what it was asked."""

from collections.abc import Iterable, Iterator

from cross_auth._protocols import StorageError

_ABOUT_DATA = {"DataError", "IntegrityError", "UnicodeError", "OverflowError"}  # the first two as DB-API names them
_LONGEST_QUOTE = 12  # characters of a key or a value that an error may have in common with it


def outage(where: str, failure: BaseException, asked: Iterable[object]) -> StorageError:
    """Return the error that a storage raises for one of its client, which is its cause.

    Errors about data quote it, whole or in part; of these, and of any other that does so, only type and code are told.
    Raise what this returns outside the ``except`` block, whose error would be its context.
    """
    hidden = any(_is_about_data(each) or _quotes(each, asked) for each in _chain(failure))
    code = getattr(failure, "sqlstate", None) or next((each for each in failure.args if isinstance(each, int)), "")
    told = f" {code}" if hidden and code else "" if hidden else f": {failure}"
    error = StorageError(f"{where}: {type(failure).__name__}{told}".rstrip())
    error.__cause__ = None if hidden else failure
    return error


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _is_about_data(error: BaseException) -> bool:
    return any(kind.__name__ in _ABOUT_DATA for kind in type(error).__mro__)


def _quotes(error: BaseException, asked: Iterable[object]) -> bool:
    text = f"{error} {error!r}"
    starts = (start for word in asked if isinstance(word, str) for start in _starts(word))
    return any(start in text for start in starts)


def _starts(word: str) -> Iterator[str]:
    """Yield pieces of a word, one of which is in any longer quote of it."""
    yield from (word[at : at + _LONGEST_QUOTE] for at in range(max(1, len(word) - _LONGEST_QUOTE + 1)) if word)
