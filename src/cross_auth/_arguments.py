"""What the session functions ask of their arguments.

They look by hand first, which costs nanoseconds; ``WANTED`` is what words a refusal.
"""

import re
from collections.abc import Callable
from inspect import isawaitable, iscoroutine, iscoroutinefunction
from typing import Annotated, Any, TypeGuard, TypeVar

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from cross_auth._cookie_rules import MAX_AGE_LIMIT
from cross_auth._models import ID_LENGTH, MaxAge, UserId
from cross_auth._protocols import AsyncSecondaryStorage, SecondaryStorage

T = TypeVar("T")

_METHODS = ("set", "get", "delete", "pop")
_known_storages: set[type] = set()
_known_async_storages: set[type] = set()

fullmatch_id: Callable[[str], object] = re.compile(rf"[A-Za-z0-9_-]{{{ID_LENGTH}}}").fullmatch


def is_session_id(text: str) -> bool:
    """Tell whether a text has the form of an id that ``create_session`` makes."""
    return fullmatch_id(text) is not None


def is_user_id(value: object) -> bool:
    return type(value) is str and 0 < len(value) <= 1024 and (value.isascii() or _has_no_surrogate(value))


def _has_no_surrogate(text: str) -> bool:
    try:
        return bool(text.encode())
    except UnicodeEncodeError:
        return False


def is_max_age(value: object) -> bool:
    return type(value) is int and 0 < value <= MAX_AGE_LIMIT


def is_storage(value: object) -> TypeGuard[SecondaryStorage]:
    """Tell whether a value has the four methods; the answer is remembered for a type that has them itself."""
    return type(value) in _known_storages or _is_now_known(value, _known_storages, _lacks)


def is_async_storage(value: object) -> TypeGuard[AsyncSecondaryStorage]:
    """Tell whether a value has the four methods as coroutine functions; the answer is remembered likewise."""
    return type(value) in _known_async_storages or _is_now_known(value, _known_async_storages, _lacks_async)


def _is_now_known(value: object, known: set[type], lacks: Callable[[object], str]) -> bool:
    if lacks(value):
        return False
    if all(hasattr(type(value), name) for name in _METHODS):  # a proxy has them through __getattr__ alone
        known.add(type(value))
    return True


def _lacks(value: object) -> str:
    """Return what is wanted in place of a value that is no sync storage, or nothing."""
    if any(_are_coroutines(value)):
        kind = type(value).__name__
        return f"a storage whose methods are not async, which those of {kind} are: cross_auth.aio has functions for it"
    return _lacks_methods(value)


def _lacks_async(value: object) -> str:
    """Return what is wanted in place of a value that is no async storage, or nothing."""
    missing = _lacks_methods(value)
    if missing or all(_are_coroutines(value)):
        return missing
    kind = type(value).__name__
    return f"a storage whose methods are async, which those of {kind} are not: cross_auth.aio.in_thread() makes it one"


def _are_coroutines(value: object) -> list[bool]:
    return [iscoroutinefunction(getattr(value, name, None)) for name in _METHODS]


def _lacks_methods(value: object) -> str:
    if isinstance(value, type):
        return f"a storage, not the class {value.__name__} itself"
    missing = [name for name in _METHODS if not callable(getattr(value, name, None))]
    if missing:
        return f"a storage with the methods {', '.join(_METHODS)}: {type(value).__name__} lacks {', '.join(missing)}"
    return ""


def done(result: T) -> T:
    """Return what a storage returned, and refuse an awaitable: the storage is async, and the call was not made."""
    if result is not None and isawaitable(result):
        if iscoroutine(result):
            result.close()
        raise TypeError("the storage is async: its method returned an awaitable")
    return result


def _wanting(lacks: Callable[[object], str]) -> Any:
    def look(value: object) -> object:
        if wanted := lacks(value):
            raise PydanticCustomError("storage", "Input should be {wanted}", {"wanted": wanted})
        return value

    return Annotated[Any, AfterValidator(look)]


WANTED: dict[str, Any] = {
    "user_id": UserId,
    "storage": _wanting(_lacks),
    "max_age": MaxAge,
    "session_id": str,
}
WANTED_ASYNC: dict[str, Any] = {**WANTED, "storage": _wanting(_lacks_async)}
