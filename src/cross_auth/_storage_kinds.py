"""Which methods a storage has, and whether they are awaited: told from its type, and remembered."""

from collections.abc import Callable
from inspect import isawaitable, iscoroutine, iscoroutinefunction
from typing import Annotated, Any, TypeGuard, TypeVar

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from cross_auth._protocols import AsyncIndexedStorage, AsyncSecondaryStorage, IndexedStorage, SecondaryStorage

T = TypeVar("T")

_METHODS = ("set", "get", "delete", "pop")
_INDEX = ("add", "members", "discard")
_known_storages: set[type] = set()
_known_async_storages: set[type] = set()
_known_indexes: set[type] = set()
_known_async_indexes: set[type] = set()


def is_storage(value: object) -> TypeGuard[SecondaryStorage]:
    """Tell whether a value has the four methods; the answer is remembered for a type that has them itself."""
    return type(value) in _known_storages or _is_now_known(value, _known_storages, _lacks, _METHODS)


def is_async_storage(value: object) -> TypeGuard[AsyncSecondaryStorage]:
    """Tell whether a value has the four methods as coroutine functions; the answer is remembered likewise."""
    return type(value) in _known_async_storages or _is_now_known(value, _known_async_storages, _lacks_async, _METHODS)


def is_indexed(value: object) -> TypeGuard[IndexedStorage]:
    """Tell whether a value has the methods of the index as well."""
    return type(value) in _known_indexes or _is_now_known(value, _known_indexes, _lacks_index, _METHODS + _INDEX)


def is_async_indexed(value: object) -> TypeGuard[AsyncIndexedStorage]:
    """Tell whether a value has the methods of the index as well, all as coroutine functions."""
    return type(value) in _known_async_indexes or _is_now_known(
        value, _known_async_indexes, _lacks_async_index, _METHODS + _INDEX
    )


def _is_now_known(value: object, known: set[type], lacks: Callable[[object], str], methods: tuple[str, ...]) -> bool:
    if lacks(value):
        return False
    if all(hasattr(type(value), name) for name in methods):  # a proxy has them through __getattr__ alone
        known.add(type(value))
    return True


def _lacks(value: object) -> str:
    """Return what is wanted in place of a value that is no sync storage, or nothing."""
    if any(_are_coroutines(value, _METHODS)):
        kind = type(value).__name__
        return f"a storage whose methods are not async, which those of {kind} are: cross_auth.aio has functions for it"
    return _lacks_methods(value, _METHODS)


def _lacks_async(value: object) -> str:
    """Return what is wanted in place of a value that is no async storage, or nothing."""
    missing = _lacks_methods(value, _METHODS)
    if missing or all(_are_coroutines(value, _METHODS)):
        return missing
    kind = type(value).__name__
    return f"a storage whose methods are async, which those of {kind} are not: cross_auth.aio.in_thread() makes it one"


def _lacks_index(value: object) -> str:
    missing = _lacks(value) or _lacks_methods(value, _INDEX)
    if missing or not any(_are_coroutines(value, _INDEX)):
        return missing
    return f"a storage whose {', '.join(_INDEX)} are not async, which those of {type(value).__name__} are"


def _lacks_async_index(value: object) -> str:
    missing = _lacks_async(value) or _lacks_methods(value, _INDEX)
    if missing or all(_are_coroutines(value, _INDEX)):
        return missing
    return f"a storage whose {', '.join(_INDEX)} are async, which those of {type(value).__name__} are not"


def _are_coroutines(value: object, methods: tuple[str, ...]) -> list[bool]:
    return [iscoroutinefunction(getattr(value, name, None)) for name in methods]


def _lacks_methods(value: object, methods: tuple[str, ...]) -> str:
    if isinstance(value, type):
        return f"a storage, not the class {value.__name__} itself"
    missing = [name for name in methods if not callable(getattr(value, name, None))]
    if missing:
        return f"a storage with the methods {', '.join(methods)}: {type(value).__name__} lacks {', '.join(missing)}"
    return ""


def done(result: T) -> T:
    """Return what a storage returned, and refuse an awaitable: the storage is async, and the call was not made."""
    if result is not None and type(result) is not str and isawaitable(result):  # which takes a quarter of a microsecond
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


STORAGE = _wanting(_lacks)
ASYNC_STORAGE = _wanting(_lacks_async)
INDEXED_STORAGE = _wanting(_lacks_index)
ASYNC_INDEXED_STORAGE = _wanting(_lacks_async_index)
