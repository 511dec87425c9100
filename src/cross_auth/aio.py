"""The session functions, awaited, over an async storage: for asyncio."""

from cross_auth import _operations
from cross_auth._arguments import WANTED_ASYNC, is_async_storage, is_max_age, is_user_id
from cross_auth._in_thread import in_thread
from cross_auth._models import SessionData
from cross_auth._protocols import AsyncSecondaryStorage
from cross_auth._refusals import check

__all__ = ["create_session", "delete_session", "get_session", "in_thread"]


async def create_session(user_id: str, storage: AsyncSecondaryStorage, max_age: int = 86400) -> tuple[str, SessionData]:
    """Start a session for a user and return its id and its data.

    As ``cross_auth.create_session``.
    Where the call is cancelled the session may stay until its end, under an id that nobody has seen.
    """
    if not (is_user_id(user_id) and is_async_storage(storage) and is_max_age(max_age)):
        check("create_session", WANTED_ASYNC, user_id=user_id, storage=storage, max_age=max_age)
    return await _operations.create(storage, user_id, max_age)


async def get_session(session_id: str, storage: AsyncSecondaryStorage) -> SessionData | None:
    """Return the data of a live session, or ``None`` where there is no such session.

    As ``cross_auth.get_session``.
    """
    if not (is_async_storage(storage) and type(session_id) is str):
        check("get_session", WANTED_ASYNC, session_id=session_id, storage=storage)
    return await _operations.get(storage, session_id)


async def delete_session(session_id: str, storage: AsyncSecondaryStorage) -> None:
    """End a session; do nothing where there is no such session.

    As ``cross_auth.delete_session``.
    Where the call is cancelled the session may or may not have ended: call again.
    """
    if not (is_async_storage(storage) and type(session_id) is str):
        check("delete_session", WANTED_ASYNC, session_id=session_id, storage=storage)
    await _operations.delete(storage, session_id)
