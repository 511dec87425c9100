"""Each operation on the sessions of a user, once, over an async storage that has an index."""

import logging

from cross_auth._arguments import is_handle
from cross_auth._models import SessionInfo
from cross_auth._operations import end, live
from cross_auth._protocols import AsyncIndexedStorage
from cross_auth._records import decode, handle_of, record_key, successors_key, user_key

_log = logging.getLogger("cross_auth")


async def list_all(storage: AsyncIndexedStorage, user_id: str) -> list[SessionInfo]:
    infos = []
    for handle in await storage.members(user_key(user_id)):
        found = await live(storage, handle)
        if found is not None and found.session.user_id == user_id:
            session = found.session
            infos.append(
                SessionInfo(
                    handle=handle,
                    created_at=session.created_at,
                    expires_at=session.expires_at,
                    last_active_at=found.active_at,
                    metadata=session.metadata,
                )
            )
    return sorted(infos, key=lambda info: (info.created_at, info.handle), reverse=True)


async def revoke(storage: AsyncIndexedStorage, user_id: str, handle: str) -> bool:
    """End a session, or what took its place, once its record says whose it is."""
    ended, ahead = 0, [handle] if is_handle(handle) else []
    while ahead:
        each = ahead.pop()
        value = await storage.get(record_key(each))
        if value is None:
            ahead += await storage.members(successors_key(each))
            continue
        session = decode(each, value, or_expired=True)
        if session is not None and session.user_id == user_id:
            ended += await end(storage, each)
    if ended:
        _log.info("session %.12s: revoked", handle)
    return ended > 0


async def revoke_all(storage: AsyncIndexedStorage, user_id: str, keep: str | None) -> int:
    """End what the index knows, and look again: a renewal may have added while this one ended."""
    spared = "" if keep is None else handle_of(keep)
    ended, seen = 0, {spared}
    while new := [handle for handle in await storage.members(user_key(user_id)) if handle not in seen]:
        for handle in new:
            count = await end(storage, handle, spared)
            if count:
                _log.info("session %.12s: revoked", handle)
            ended += count
        seen.update(new)
    return ended
