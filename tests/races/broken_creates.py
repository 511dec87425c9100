"""Creates as others have them, each of which breaks a law."""

from typing import Any

from cross_auth import SessionData, create_session
from cross_auth import _operations as operations
from cross_auth._records import encode, handle_of, user_key
from tests.races.broken_reads import key_of
from tests.races.callers import Early
from tests.races.model import PlainModel
from tests.races.operations import MAX_AGE


async def create_early(storage: Any, user: str, _: str) -> Early:
    """Return the id before the storage has accepted the record."""
    session_id, session = create_session(user, PlainModel(), MAX_AGE)
    await storage.add(user_key(user), session.handle, 60)
    return Early((session_id, session), storage.set(key_of(session_id), encode(session), ttl=60))


async def create_twice(storage: Any, user: str, _: str) -> tuple[str, SessionData]:
    """Write the record and write it again before the id is returned."""
    session_id, session = await operations.create(storage, user, MAX_AGE)
    await storage.set(key_of(session_id), encode(session), ttl=60)
    return session_id, session


async def create_record_first(storage: Any, user: str, _: str) -> tuple[str, SessionData]:
    session_id, session = create_session(user, PlainModel(), MAX_AGE)
    await storage.set(key_of(session_id), encode(session), ttl=60)
    await storage.add(user_key(user), session.handle, 60)
    return session_id, session


async def create_with_its_id(storage: Any, user: str, _: str) -> tuple[str, SessionData]:
    """Keep the id where other devices of the user find it."""
    session_id, session = create_session(user, PlainModel(), MAX_AGE)
    await storage.set(f"latest:{session.handle}", session_id, ttl=60)
    await storage.add(user_key(user), session.handle, 60)
    await storage.set(key_of(session_id), encode(session), ttl=60)
    return session_id, session


async def log_in_and_end_later(storage: Any, user: str, session_id: str) -> Early:
    """Return the new id before the session that it replaces is ended."""
    answer = await operations.create(storage, user, MAX_AGE)
    return Early(answer, operations.delete(storage, session_id))


async def log_in_without_following(storage: Any, user: str, session_id: str) -> tuple[str, SessionData]:
    """End what the id leads to, and not what a renewal put in its place."""
    if await storage.pop(key_of(session_id)) is not None:
        await storage.discard(user_key(user), handle_of(session_id))
    return await operations.create(storage, user, MAX_AGE)
