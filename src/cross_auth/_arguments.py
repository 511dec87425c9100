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
from cross_auth._protocols import SecondaryStorage

T = TypeVar("T")

_METHODS = ("set", "get", "delete", "pop")
_known_storages: set[type] = set()

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
    kind = type(value)
    if kind in _known_storages:
        return True
    if _lacks(value):
        return False
    if all(hasattr(kind, name) for name in _METHODS):  # a proxy has them through __getattr__ alone
        _known_storages.add(kind)
    return True


def _lacks(value: object) -> str:
    """Return what is wanted in place of a value that is no storage, or nothing."""
    if isinstance(value, type):
        return f"a storage, not the class {value.__name__} itself"
    methods = {name: getattr(value, name, None) for name in _METHODS}
    missing = [name for name, method in methods.items() if not callable(method)]
    if missing:
        return f"a storage with the methods {', '.join(_METHODS)}: {type(value).__name__} lacks {', '.join(missing)}"
    if any(iscoroutinefunction(method) for method in methods.values()):
        return f"a storage whose methods are not async, which those of {type(value).__name__} are"
    return ""


def done(result: T) -> T:
    """Return what a storage returned, and refuse an awaitable: the storage is async, and the call was not made."""
    if result is not None and isawaitable(result):
        if iscoroutine(result):
            result.close()
        raise TypeError("the storage is async: its method returned an awaitable")
    return result


def _storage(value: object) -> object:
    if wanted := _lacks(value):
        raise PydanticCustomError("storage", "Input should be {wanted}", {"wanted": wanted})
    return value


WANTED: dict[str, Any] = {
    "user_id": UserId,
    "storage": Annotated[Any, AfterValidator(_storage)],
    "max_age": MaxAge,
    "session_id": str,
}
