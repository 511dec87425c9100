"""What the session functions ask of their arguments.

They look by hand first, which costs nanoseconds; ``WANTED`` is what words a refusal.
"""

import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from cross_auth._cookie_rules import MAX_AGE_LIMIT
from cross_auth._models import ID_LENGTH, MaxAge, Metadata, UserId
from cross_auth._storage_kinds import ASYNC_INDEXED_STORAGE, ASYNC_STORAGE, INDEXED_STORAGE, STORAGE

fullmatch_id: Callable[[str], object] = re.compile(rf"[A-Za-z0-9_-]{{{ID_LENGTH}}}").fullmatch
fullmatch_handle: Callable[[str], object] = re.compile(r"[0-9a-f]{64}").fullmatch


def is_session_id(text: str) -> bool:
    """Tell whether a text has the form of an id that ``create_session`` makes."""
    return fullmatch_id(text) is not None


def is_handle(text: str) -> bool:
    """Tell whether a text has the form of the handle of a session."""
    return fullmatch_handle(text) is not None


def is_user_id(value: object) -> bool:
    return type(value) is str and 0 < len(value) <= 1024 and (value.isascii() or _has_no_surrogate(value))


def _has_no_surrogate(text: str) -> bool:
    try:
        return bool(text.encode())
    except UnicodeEncodeError:
        return False


def is_max_age(value: object) -> bool:
    return type(value) is int and 0 < value <= MAX_AGE_LIMIT


def are_options(max_age: object, idle_timeout: object, metadata: object, replaces: object) -> bool:
    return (
        is_max_age(max_age)
        and (replaces is None or type(replaces) is str)
        and (idle_timeout is None or is_max_age(idle_timeout))
        and (metadata is None or is_metadata(metadata))
    )


def is_metadata(value: object) -> bool:
    try:
        _metadata.validate_python(value, strict=True)
    except ValidationError:
        return False
    return True


def _an_id(value: str) -> str:
    if not is_session_id(value):
        raise PydanticCustomError("session_id", "Input should be an id that create_session returned")
    return value


_metadata: TypeAdapter[dict[str, str]] = TypeAdapter(Metadata)

WANTED: dict[str, Any] = {
    "user_id": UserId,
    "storage": STORAGE,
    "max_age": MaxAge,
    "idle_timeout": MaxAge | None,
    "metadata": Metadata | None,
    "replaces": str | None,
    "session_id": str,
    "handle": str,
    "keep": Annotated[str, AfterValidator(_an_id)] | None,
}
WANTED_ASYNC: dict[str, Any] = {**WANTED, "storage": ASYNC_STORAGE}
WANTED_INDEXED: dict[str, Any] = {**WANTED, "storage": INDEXED_STORAGE}
WANTED_ASYNC_INDEXED: dict[str, Any] = {**WANTED, "storage": ASYNC_INDEXED_STORAGE}
# An id whose handle is asked for has to be one.
WANTED_ID: dict[str, Any] = {"session_id": Annotated[str, AfterValidator(_an_id)]}
