"""What a client library raised, told without what it was asked."""

from collections.abc import Iterable, Iterator

from cross_auth._protocols import StorageError


def outage(where: str, failure: BaseException, asked: Iterable[object]) -> StorageError:
    """Return the error that a storage raises for one of its client, which is its cause.

    Where the client's error, or one that led to it, shows a key or a value, only its type is told.
    Raise what this returns outside the ``except`` block, whose error would be its context.
    """
    words = [text for text in asked if isinstance(text, str) and text]
    shown = any(word in str(each) for each in _chain(failure) for word in words)
    error = StorageError(f"{where}: {type(failure).__name__}" + ("" if shown else f": {failure}".rstrip()))
    error.__cause__ = None if shown else failure
    return error


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
