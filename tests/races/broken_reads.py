"""Reads, touches and lists as others have them, each of which breaks a law."""

from datetime import timedelta
from typing import Any

from cross_auth import SessionData, SessionInfo
from cross_auth import _operations as operations
from cross_auth import _user_operations as user_operations
from cross_auth._records import activity_key, decode, encode, encode_activity, handle_of, record_key, user_key
from tests.races.callers import Early
from tests.races.scenarios import OTHER


def key_of(session_id: str) -> str:
    return record_key(handle_of(session_id))


async def touch(storage: Any, _: str, session_id: str) -> SessionData | None:
    """Look whether the session is there, then set its record: an upsert."""
    session = await operations.get(storage, session_id)
    if session is not None:
        await storage.set(key_of(session_id), encode(session), ttl=60)
    return session


def touch_in_sync(storage: Any, _: str, session_id: str) -> SessionData | None:
    session = decode(handle_of(session_id), storage.get(key_of(session_id)), or_expired=True)
    if session is not None:
        storage.set(key_of(session_id), encode(session), ttl=60)
    return session


async def touch_in_the_record(storage: Any, _: str, session_id: str) -> SessionData | None:
    """Keep the last activity in the record."""
    session = await operations.get(storage, session_id)
    if session is not None:
        session = session.model_copy(update={"metadata": {"active": "now"}})
        await storage.set(key_of(session_id), encode(session), ttl=60)
    return session


async def touch_without_limits(storage: Any, _: str, session_id: str) -> SessionData | None:
    """Mark activity wherever there is a record."""
    handle = handle_of(session_id)
    session = decode(handle, await storage.get(record_key(handle)), or_expired=True)
    if session is not None:
        later = session.created_at + timedelta(seconds=60)
        await storage.set(activity_key(handle), encode_activity(handle, later), ttl=60)
    return session


async def save_at_the_end(storage: Any, _: str, session_id: str) -> Early | None:
    """Answer the request, then save what was read before it, as Flask-Session and Litestar do."""
    session = await operations.get(storage, session_id)
    return None if session is None else Early(session, storage.set(key_of(session_id), encode(session), ttl=60))


async def get_and_prolong(storage: Any, _: str, session_id: str) -> SessionData | None:
    """Move the end of the session at each read."""
    session = await operations.get(storage, session_id)
    if session is not None:
        session = session.model_copy(update={"expires_at": session.expires_at + timedelta(seconds=60)})
        await storage.set(key_of(session_id), encode(session), ttl=120)
    return session


async def list_without_limits(storage: Any, user: str, _: str) -> list[SessionInfo]:
    """Show whatever has a record."""
    infos = []
    for handle in await storage.members(user_key(user)):
        session = decode(handle, await storage.get(record_key(handle)), or_expired=True)
        if session is not None:
            infos.append(
                SessionInfo(
                    handle=handle,
                    created_at=session.created_at,
                    expires_at=session.expires_at,
                    last_active_at=session.created_at,
                )
            )
    return infos


async def list_the_first(storage: Any, user: str, _: str) -> list[SessionInfo]:
    return (await user_operations.list_all(storage, user))[:1]


async def list_of_everyone(storage: Any, user: str, _: str) -> list[SessionInfo]:
    return [info for each in (user, OTHER) for info in await user_operations.list_all(storage, each)]


async def list_and_tidy(storage: Any, user: str, _: str) -> list[SessionInfo]:
    """Discard what has no record."""
    infos = await user_operations.list_all(storage, user)
    shown = {info.handle for info in infos}
    for handle in await storage.members(user_key(user)):
        if handle not in shown:
            await storage.discard(user_key(user), handle)
    return infos
