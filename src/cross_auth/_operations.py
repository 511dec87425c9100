"""Each operation on one session, once, over an async storage; what they decide are the pure functions of ``_records``.

``cross_auth._sessions`` steps these coroutines over a storage that never suspends.
"""

import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from typing import Any, NamedTuple

from cross_auth._arguments import is_session_id
from cross_auth._models import SessionData
from cross_auth._protocols import AsyncIndexedStorage, AsyncSecondaryStorage
from cross_auth._records import (
    SKEW,
    activity_key,
    decode,
    encode,
    encode_activity,
    handle_of,
    last_activity,
    make_record,
    record_key,
    seconds_until,
    successors_key,
    user_key,
)
from cross_auth._storage_kinds import is_async_indexed

_log = logging.getLogger("cross_auth")

Shield = Callable[[Coroutine[Any, Any, None]], Awaitable[None]]


class Live(NamedTuple):
    """A session that was live at ``now``, and when it was last active."""

    session: SessionData
    active_at: datetime
    now: datetime


async def live(storage: AsyncSecondaryStorage, handle: str) -> Live | None:
    """Return a session that is within both its limits."""
    session = decode(handle, await storage.get(record_key(handle)))
    if session is None:
        return None
    value = None if session.idle_timeout is None else await storage.get(activity_key(handle))
    now = datetime.now(UTC)
    active_at = last_activity(session, value, now)
    return None if active_at is None else Live(session, active_at, now)


async def create(
    storage: AsyncSecondaryStorage,
    user_id: str,
    max_age: int,
    idle_timeout: int | None = None,
    metadata: dict[str, str] | None = None,
    replaces: str | None = None,
) -> tuple[str, SessionData]:
    if replaces is not None:
        # Before the new one is there, so that an error leaves no session that nobody has the id of.
        await delete(storage, replaces)
    session_id = token_urlsafe(32)
    handle = handle_of(session_id)
    now = datetime.now(UTC)
    expires_at = now + timedelta(0, max_age)
    session: SessionData = make_record(
        {
            "user_id": user_id,
            "created_at": now,
            "expires_at": expires_at,
            "handle": handle,
            "idle_timeout": idle_timeout,
            "metadata": metadata or {},
        }
    )
    # First the index: a crash before the record leaves no live session that the index does not know.
    if is_async_indexed(storage):
        await storage.add(user_key(user_id), handle, max_age + SKEW)
    await storage.set(record_key(handle), encode(session), ttl=max_age)
    _log.info("session %.12s: created", handle)
    return session_id, session


async def get(storage: AsyncSecondaryStorage, session_id: str) -> SessionData | None:
    if not is_session_id(session_id):
        return None
    found = await live(storage, handle_of(session_id))
    return found and found.session


async def touch(storage: AsyncSecondaryStorage, session_id: str) -> SessionData | None:
    if not is_session_id(session_id):
        return None
    handle = handle_of(session_id)
    found = await live(storage, handle)
    if found is None:
        return None
    limit = found.session.idle_timeout
    # A tenth of the limit is all that a session may end early, and spares nearly every write.
    if limit is not None and (found.now - found.active_at) * 10 >= timedelta(seconds=limit):
        await _mark(storage, found.session, found.now)
    return found.session


async def _mark(storage: AsyncSecondaryStorage, session: SessionData, now: datetime) -> None:
    """Note activity, under a key that outlives the limit it counts for and is harmless when it stays."""
    handle, limit = session.handle or "", session.idle_timeout or 0
    ttl = min(limit, seconds_until(session.expires_at, now)) + SKEW
    await storage.set(activity_key(handle), encode_activity(handle, now), ttl=ttl)


async def delete(storage: AsyncSecondaryStorage, session_id: str) -> None:
    if not is_session_id(session_id):
        return
    handle = handle_of(session_id)
    if is_async_indexed(storage):
        if not await end(storage, handle):
            return
    else:
        with suppress(KeyError):  # how some storages say that there was nothing to delete
            await storage.delete(record_key(handle))
    _log.info("session %.12s: deleted", handle)


async def end(storage: AsyncIndexedStorage, handle: str, spared: str = "") -> int:
    """End a session or, where it was renewed, every session in its place; return how many were there."""
    ended, ahead = 0, [handle]
    while ahead:
        handle = ahead.pop()
        if handle == spared:
            continue
        value = await storage.pop(record_key(handle))
        if value is None:
            # Not discarded: a login between its index entry and its record would be hidden from the next revocation.
            ahead += await storage.members(successors_key(handle))
            continue
        ended += 1
        session = decode(handle, value, or_expired=True)
        if session is not None:
            await storage.discard(user_key(session.user_id), handle)
    return ended


async def plainly(work: Coroutine[Any, Any, None]) -> None:
    """Await what cannot be cancelled."""
    await work


async def renew(
    storage: AsyncIndexedStorage, session_id: str, shield: Shield = plainly
) -> tuple[str, SessionData] | None:
    if not is_session_id(session_id):
        return None
    found = await live(storage, handle_of(session_id))
    if found is None:
        return None
    old, now = found.session, found.now
    new_id = token_urlsafe(32)
    handle = handle_of(new_id)
    new: SessionData = make_record({**dict(old), "handle": handle})
    try:
        won = await _replace(storage, old, new, now)
    except BaseException:
        with suppress(Exception):  # what is raised is why there is no new session, not that it could not be undone
            await shield(_undo(storage, handle))
        raise
    if not won:
        await shield(_undo(storage, handle))
        return None
    _log.info("session %.12s: renewed as %.12s", old.handle, handle)
    return new_id, new


async def _replace(storage: AsyncIndexedStorage, old: SessionData, new: SessionData, now: datetime) -> bool:
    """Write the new record, and tell whether this caller is the one who ended the old one."""
    before, after, user = old.handle or "", new.handle or "", user_key(old.user_id)
    ttl = seconds_until(old.expires_at, now)
    await storage.add(user, after, ttl + SKEW)
    if new.idle_timeout is not None:
        await _mark(storage, new, now)
    await storage.set(record_key(after), encode(new), ttl=ttl)
    # Before the old record goes, so that who finds it gone finds what took its place.
    await storage.add(successors_key(before), after, ttl + SKEW)
    if await storage.pop(record_key(before)) is None:
        return False
    await storage.discard(user, before)
    return True


async def _undo(storage: AsyncIndexedStorage, handle: str) -> None:
    await end(storage, handle)
