"""The session functions, awaited, over an async storage: for asyncio."""

from cross_auth import _operations, _user_operations
from cross_auth._arguments import (
    WANTED_ASYNC,
    WANTED_ASYNC_INDEXED,
    are_options,
    is_session_id,
    is_user_id,
)
from cross_auth._in_thread import in_thread
from cross_auth._models import SessionData, SessionInfo
from cross_auth._protocols import AsyncIndexedStorage, AsyncSecondaryStorage
from cross_auth._refusals import check
from cross_auth._storage_kinds import is_async_indexed, is_async_storage
from cross_auth._to_the_end import to_the_end

__all__ = [
    "create_session",
    "delete_session",
    "get_session",
    "in_thread",
    "list_sessions",
    "renew_session",
    "revoke_session",
    "revoke_sessions",
    "touch_session",
]


async def create_session(
    user_id: str,
    storage: AsyncSecondaryStorage,
    max_age: int = 86400,
    *,
    idle_timeout: int | None = None,
    metadata: dict[str, str] | None = None,
    replaces: str | None = None,
) -> tuple[str, SessionData]:
    """Start a session for a user and return its id and its data.

    As ``cross_auth.create_session``.
    Where the call is cancelled the session may stay until its end, under an id that nobody has seen,
    and the one that it replaces may have ended.
    """
    if not (
        is_user_id(user_id) and is_async_storage(storage) and are_options(max_age, idle_timeout, metadata, replaces)
    ):
        given = {"max_age": max_age, "idle_timeout": idle_timeout, "metadata": metadata, "replaces": replaces}
        check("create_session", WANTED_ASYNC, user_id=user_id, storage=storage, **given)
    return await _operations.create(storage, user_id, max_age, idle_timeout, metadata, replaces)


async def get_session(session_id: str, storage: AsyncSecondaryStorage) -> SessionData | None:
    """Return the data of a live session, or ``None`` where there is no such session.

    As ``cross_auth.get_session``.
    """
    if not (is_async_storage(storage) and type(session_id) is str):
        check("get_session", WANTED_ASYNC, session_id=session_id, storage=storage)
    return await _operations.get(storage, session_id)


async def touch_session(session_id: str, storage: AsyncSecondaryStorage) -> SessionData | None:
    """Mark that a session is in use and return its data, or ``None`` where there is no such session.

    As ``cross_auth.touch_session``.
    """
    if not (is_async_storage(storage) and type(session_id) is str):
        check("touch_session", WANTED_ASYNC, session_id=session_id, storage=storage)
    return await _operations.touch(storage, session_id)


async def renew_session(session_id: str, storage: AsyncIndexedStorage) -> tuple[str, SessionData] | None:
    """Give a session a new id and end the old one; ``None`` where there is no such session.

    As ``cross_auth.renew_session``.
    Where the call is cancelled the new session is ended, and the old one may have ended.
    """
    if not (is_async_indexed(storage) and type(session_id) is str):
        check("renew_session", WANTED_ASYNC_INDEXED, session_id=session_id, storage=storage)
    return await _operations.renew(storage, session_id, shield=to_the_end)


async def delete_session(session_id: str, storage: AsyncSecondaryStorage) -> None:
    """End a session; do nothing where there is no such session.

    As ``cross_auth.delete_session``.
    Where the call is cancelled the session may or may not have ended: call again.
    """
    if not (is_async_storage(storage) and type(session_id) is str):
        check("delete_session", WANTED_ASYNC, session_id=session_id, storage=storage)
    await _operations.delete(storage, session_id)


async def list_sessions(user_id: str, storage: AsyncIndexedStorage) -> list[SessionInfo]:
    """Return what a user may see of their live sessions, newest first.

    As ``cross_auth.list_sessions``.
    """
    if not (is_user_id(user_id) and is_async_indexed(storage)):
        check("list_sessions", WANTED_ASYNC_INDEXED, user_id=user_id, storage=storage)
    return await _user_operations.list_all(storage, user_id)


async def revoke_session(user_id: str, handle: str, storage: AsyncIndexedStorage) -> bool:
    """End one session of a user by its handle, and tell whether there was one.

    As ``cross_auth.revoke_session``.
    Where the call is cancelled the session may or may not have ended: call again.
    """
    if not (is_user_id(user_id) and type(handle) is str and is_async_indexed(storage)):
        check("revoke_session", WANTED_ASYNC_INDEXED, user_id=user_id, handle=handle, storage=storage)
    return await _user_operations.revoke(storage, user_id, handle)


async def revoke_sessions(user_id: str, storage: AsyncIndexedStorage, *, keep: str | None = None) -> int:
    """End every session of a user and return how many there were.

    As ``cross_auth.revoke_sessions``.
    Where the call is cancelled some of the sessions may have ended: call again.
    """
    kept = keep is None or (type(keep) is str and is_session_id(keep))
    if not (is_user_id(user_id) and is_async_indexed(storage) and kept):
        check("revoke_sessions", WANTED_ASYNC_INDEXED, user_id=user_id, storage=storage, keep=keep)
    return await _user_operations.revoke_all(storage, user_id, keep)
