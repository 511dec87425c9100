"""The session functions, sync: look at the arguments, then step the operation to its end."""

from collections.abc import Coroutine
from typing import Any, TypeVar

from cross_auth import _operations
from cross_auth._arguments import WANTED, done, is_max_age, is_session_id, is_storage, is_user_id
from cross_auth._models import SessionData
from cross_auth._operations import decode, handle_of, record_key
from cross_auth._protocols import SecondaryStorage
from cross_auth._refusals import check

T = TypeVar("T")


def create_session(user_id: str, storage: SecondaryStorage, max_age: int = 86400) -> tuple[str, SessionData]:
    """Start a session for a user and return its id and its data.

    ``max_age`` is in whole seconds, 1 to 34 560 000 (400 days, RFC 6265bis 5.5).
    The id is 256 random bits; the storage is given its SHA-256 alone.
    Returns after the storage has accepted the record.
    Raises ``pydantic.ValidationError`` that names the parameter, before anything is written,
    and ``StorageError`` where the storage fails.
    """
    if not (is_user_id(user_id) and is_storage(storage) and is_max_age(max_age)):
        check("create_session", WANTED, user_id=user_id, storage=storage, max_age=max_age)
    return _run(_operations.create(_Awaitable(storage), user_id, max_age))


def get_session(session_id: str, storage: SecondaryStorage) -> SessionData | None:
    """Return the data of a live session, or ``None`` where there is no such session.

    Reads once and never writes; text that cannot be an id is answered without asking the storage.
    A session is dead from the instant ``expires_at``, whatever the storage still holds.
    Raises ``pydantic.ValidationError`` that names the parameter, and ``StorageError`` where the storage fails.
    """
    if not (is_storage(storage) and type(session_id) is str):
        check("get_session", WANTED, session_id=session_id, storage=storage)
    # The three steps of _operations.get, without a coroutine: every request pays for this call.
    if not is_session_id(session_id):
        return None
    handle = handle_of(session_id)
    return decode(handle, storage.get(record_key(handle)))


def delete_session(session_id: str, storage: SecondaryStorage) -> None:
    """End a session; do nothing where there is no such session.

    After it has returned no caller anywhere gets the session.
    Raises ``pydantic.ValidationError`` that names the parameter, and ``StorageError`` where the storage fails.
    """
    if not (is_storage(storage) and type(session_id) is str):
        check("delete_session", WANTED, session_id=session_id, storage=storage)
    _run(_operations.delete(_Awaitable(storage), session_id))


class _Awaitable:
    """Give a sync storage the async form that the operations call; it never suspends."""

    __slots__ = ("_storage",)

    def __init__(self, storage: SecondaryStorage) -> None:
        self._storage = storage

    async def set(self, key: str, value: str, /, ttl: int | None = None) -> object:
        return done(self._storage.set(key, value, ttl=ttl))

    async def get(self, key: str, /) -> str | None:
        return self._storage.get(key)

    async def delete(self, key: str, /) -> object:
        return done(self._storage.delete(key))

    async def pop(self, key: str, /) -> str | None:
        return self._storage.pop(key)


def _run(operation: Coroutine[Any, Any, T]) -> T:
    """Step an operation over a storage that never suspends: one step is all of it."""
    try:
        operation.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    raise RuntimeError("the operation suspended over a sync storage")
