"""Deletes and revocations as others have them, each of which breaks a law."""

from asyncio import CancelledError
from contextlib import suppress
from typing import Any

from cross_auth import StorageError
from cross_auth import _operations as operations
from cross_auth import _user_operations as user_operations
from cross_auth._records import handle_of, record_key, user_key
from tests.races.broken_reads import key_of
from tests.races.callers import Early
from tests.races.ids import Ids


async def delete_later(storage: Any, _: str, session_id: str) -> Early:
    """Note that the session is to be deleted and return; the record is removed afterwards."""
    await storage.set(f"deleted:{handle_of(session_id)}", "yes", ttl=60)
    return Early(None, operations.delete(storage, session_id))


async def delete_quietly(storage: Any, _: str, session_id: str) -> None:
    """Take an outage for a session that is not there."""
    with suppress(StorageError):
        await operations.delete(storage, session_id)


async def delete_deaf(storage: Any, _: str, session_id: str) -> None:
    """Take a cancellation for an answer."""
    with suppress(CancelledError):
        await operations.delete(storage, session_id)


async def delete_without_following(storage: Any, user: str, session_id: str) -> None:
    """End the session itself, and nothing that a renewal put in its place."""
    if await storage.pop(key_of(session_id)) is not None:
        await storage.discard(user_key(user), handle_of(session_id))


async def delete_without_discard(storage: Any, _: str, session_id: str) -> None:
    """Leave the entry of the session in the index."""
    await storage.delete(key_of(session_id))


async def revoke_without_following(storage: Any, user: str, session_id: str) -> bool:
    session = await operations.get(storage, session_id)
    if session is not None and session.user_id == user:
        await delete_without_following(storage, user, session_id)
    return session is not None


async def revoke_of_anyone(storage: Any, _: str, session_id: str) -> bool:
    """End the session whoever asks for it."""
    return await operations.end(storage, handle_of(session_id)) > 0


async def revoke_one(storage: Any, _: str, __: str) -> None:
    """End one session of the user where all were to end."""
    await operations.delete(storage, Ids.of("a"))


async def revoke_in_one_pass(storage: Any, user: str, _: str) -> None:
    """Look at the index once, and do not follow what a renewal put in the place of a session."""
    for handle in await storage.members(user_key(user)):
        await storage.pop(record_key(handle))
        await storage.discard(user_key(user), handle)


async def revoke_all_without_following(storage: Any, user: str, _: str) -> None:
    """Look at the index until there is nothing new, but do not follow renewals."""
    seen: set[str] = set()
    while new := [handle for handle in await storage.members(user_key(user)) if handle not in seen]:
        for handle in new:
            if await storage.pop(record_key(handle)) is not None:
                await storage.discard(user_key(user), handle)
        seen.update(new)


async def revoke_and_tidy(storage: Any, user: str, _: str) -> None:
    """Discard what has no record: a login between its index entry and its record is hidden from then on."""
    for handle in await storage.members(user_key(user)):
        if await operations.end(storage, handle) == 0:
            await storage.discard(user_key(user), handle)


async def revoke_the_kept(storage: Any, user: str, _: str) -> int:
    return await user_operations.revoke_all(storage, user, None)
