"""Each session operation, once, over an async storage; its decisions are the pure functions beside it.

``cross_auth._sessions`` steps these coroutines over a storage that never suspends.
"""

import logging
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from pydantic import TypeAdapter, ValidationError

from cross_auth._arguments import done, is_session_id
from cross_auth._models import SessionData
from cross_auth._protocols import AsyncSecondaryStorage

_log = logging.getLogger("cross_auth")
_record = TypeAdapter(SessionData)
# Straight to the validator and the serializer: the model's own methods take up to a third longer.
_make_record = _record.validator.validate_python
_validate_record = _record.validator.validate_json
_dump_record = _record.serializer.to_json


def handle_of(session_id: str) -> str:
    """Return the public handle of a session: what stands in keys and logs in place of its id."""
    return sha256(session_id.encode()).hexdigest()


def record_key(handle: str) -> str:
    return f"session:{handle}"


def encode(session: SessionData) -> str:
    return _dump_record(session).decode()


def decode(handle: str, value: str | None) -> SessionData | None:
    """Return the session of a stored record while it is live, and ``None`` for everything else."""
    if value is None:
        return None
    try:
        session = _validate_record(value if type(value) is str else done(value))
    except ValidationError:
        _warn(handle, "cannot be decoded")
        return None
    if session.handle != handle:
        _warn(handle, "is not the record of this session")
        return None
    now = datetime.now(session.expires_at.tzinfo)  # UTC; two datetimes of one zone object compare faster
    return session if now < session.expires_at else None


def _warn(handle: str, why: str) -> None:
    # The record is left alone: a newer release may be able to read it.
    _log.warning("session %.12s: the stored record %s", handle, why)


async def create(storage: AsyncSecondaryStorage, user_id: str, max_age: int) -> tuple[str, SessionData]:
    session_id = token_urlsafe(32)
    handle = handle_of(session_id)
    now = datetime.now(UTC)
    expires_at = now + timedelta(0, max_age)
    session: SessionData = _make_record(
        {"user_id": user_id, "created_at": now, "expires_at": expires_at, "handle": handle}
    )
    await storage.set(record_key(handle), encode(session), ttl=max_age)
    _log.info("session %.12s: created", handle)
    return session_id, session


async def get(storage: AsyncSecondaryStorage, session_id: str) -> SessionData | None:
    if not is_session_id(session_id):
        return None
    handle = handle_of(session_id)
    return decode(handle, await storage.get(record_key(handle)))


async def delete(storage: AsyncSecondaryStorage, session_id: str) -> None:
    if not is_session_id(session_id):
        return
    handle = handle_of(session_id)
    try:  # noqa: SIM105  suppress() costs a tenth of the call
        await storage.delete(record_key(handle))
    except KeyError:  # how some storages say that there was nothing to delete
        pass
    _log.info("session %.12s: deleted", handle)
