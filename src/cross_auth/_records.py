"""What is stored of a session, under which keys, and what it says: pure functions."""

import logging
from datetime import datetime, timedelta
from hashlib import sha256

from pydantic import BaseModel, TypeAdapter, ValidationError

from cross_auth._models import SessionData, UTCDatetime
from cross_auth._storage_kinds import done

_log = logging.getLogger("cross_auth")
_record = TypeAdapter(SessionData)
# Straight to the validator and the serializer: the model's own methods take up to a third longer.
make_record = _record.validator.validate_python
_validate_record = _record.validator.validate_json
_dump_record = _record.serializer.to_json
_METADATA = {"metadata"}

SKEW = 3600  # seconds that entries beside a record outlive it: clocks that differ never hide a live session


class _Activity(BaseModel, frozen=True, strict=True):
    """When a session was last active, and which one: an answer meant for another call is not taken."""

    handle: str
    at: UTCDatetime


_activity = TypeAdapter(_Activity)
_validate_activity = _activity.validator.validate_json
_dump_activity = _activity.serializer.to_json


def handle_of(session_id: str) -> str:
    """Return the public handle of a session: what stands in keys and logs in place of its id."""
    return sha256(session_id.encode()).hexdigest()


def record_key(handle: str) -> str:
    return f"session:{handle}"


def activity_key(handle: str) -> str:
    return f"alive:{handle}"


def successors_key(handle: str) -> str:
    return f"next:{handle}"


def user_key(user_id: str) -> str:
    return f"user:{sha256(user_id.encode()).hexdigest()}"


def encode(session: SessionData) -> str:
    # Without metadata the record does not speak of them: to check that there are none would take a tenth of a read.
    return _dump_record(session, exclude_none=True, exclude=None if session.metadata else _METADATA).decode()


def decode(handle: str, value: str | None, *, or_expired: bool = False) -> SessionData | None:
    """Return the session of a stored record, until it expires or ever after, and ``None`` for everything else."""
    if value is None:
        return None
    try:
        session: SessionData = _validate_record(value if type(value) is str else done(value))
    except ValidationError:
        _warn(handle, "the stored record cannot be decoded")
        return None
    if session.handle != handle:
        _warn(handle, "the stored record is not the record of this session")
        return None
    if or_expired:
        return session
    end = session.expires_at
    now = datetime.now(end.tzinfo)  # UTC; two datetimes of one zone object compare faster
    return session if now < end else None


def encode_activity(handle: str, at: datetime) -> str:
    return _dump_activity(_Activity(handle=handle, at=at)).decode()


def last_activity(session: SessionData, value: str | None, now: datetime) -> datetime | None:
    """Return when a session was last active, and ``None`` where it has been idle for too long."""
    at = session.created_at if value is None else _read_activity(session.handle or "", value)
    if at is None or session.idle_timeout is None:
        return at
    return at if now - at < timedelta(seconds=session.idle_timeout) else None


def _read_activity(handle: str, value: str) -> datetime | None:
    try:
        activity: _Activity = _validate_activity(value if type(value) is str else done(value))
    except ValidationError:
        _warn(handle, "its stored activity cannot be decoded")
        return None
    if activity.handle != handle:
        _warn(handle, "its stored activity is that of another session")
        return None
    return activity.at


def seconds_until(end: datetime, now: datetime) -> int:
    """Return how many whole seconds reach the end, at least one."""
    return max(1, -((now - end) // timedelta(seconds=1)))


def _warn(handle: str, what: str) -> None:
    # What is stored is left alone: a newer release may be able to read it.
    _log.warning("session %.12s: %s", handle, what)
