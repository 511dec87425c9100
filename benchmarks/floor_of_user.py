"""What manages sessions, written by hand over raw client calls and without a check."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from cross_auth import SessionData, SessionInfo
from cross_auth._records import SKEW, _Activity


def get(session_id: str, raw: Any) -> SessionData | None:
    """Read a session, and its activity where it has an idle limit."""
    return _live(sha256(session_id.encode()).hexdigest(), raw)[0]


def touch(session_id: str, raw: Any) -> SessionData | None:
    handle = sha256(session_id.encode()).hexdigest()
    session, active_at, now = _live(handle, raw)
    if (
        session is not None
        and session.idle_timeout
        and (now - active_at) * 10 >= timedelta(seconds=session.idle_timeout)
    ):
        ttl = min(session.idle_timeout, seconds(session.expires_at - now)) + SKEW
        raw.set(f"alive:{handle}", _Activity(handle=handle, at=now).model_dump_json(), ttl=ttl)
    return session


def renew(session_id: str, raw: Any) -> tuple[str, SessionData] | None:
    old, _, now = _live(sha256(session_id.encode()).hexdigest(), raw)
    if old is None:
        return None
    new_id = token_urlsafe(32)
    handle = sha256(new_id.encode()).hexdigest()
    new = old.model_copy(update={"handle": handle})
    user, ttl = f"user:{sha256(old.user_id.encode()).hexdigest()}", seconds(old.expires_at - now)
    raw.add(user, handle, ttl + SKEW)
    raw.set(f"session:{handle}", new.model_dump_json(exclude={"idle_timeout", "metadata"}), ttl=ttl)
    raw.add(f"next:{old.handle}", handle, ttl + SKEW)
    raw.pop(f"session:{old.handle}")
    raw.discard(user, old.handle)
    return new_id, new


def list_all(user_id: str, raw: Any) -> list[SessionInfo]:
    infos = []
    for handle in raw.members(f"user:{sha256(user_id.encode()).hexdigest()}"):
        session, active_at, _ = _live(handle, raw)
        if session is not None:
            infos.append(
                SessionInfo(
                    handle=handle,
                    created_at=session.created_at,
                    expires_at=session.expires_at,
                    last_active_at=active_at,
                    metadata=session.metadata,
                )
            )
    return sorted(infos, key=lambda info: info.created_at, reverse=True)


def revoke_all(user_id: str, raw: Any) -> int:
    user, ended = f"user:{sha256(user_id.encode()).hexdigest()}", 0
    while handles := raw.members(user):
        for handle in handles:
            SessionData.model_validate_json(raw.pop(f"session:{handle}"))  # whose it is
            raw.discard(user, handle)
            ended += 1
    return ended


def _live(handle: str, raw: Any) -> tuple[SessionData | None, datetime, datetime]:
    value = raw.get(f"session:{handle}")
    now = datetime.now(UTC)
    if value is None:
        return None, now, now
    session = SessionData.model_validate_json(value)
    active_at = session.created_at
    if session.idle_timeout is not None:
        noted = raw.get(f"alive:{handle}")
        active_at = _Activity.model_validate_json(noted).at if noted else active_at
        if now - active_at >= timedelta(seconds=session.idle_timeout):
            return None, now, now
    return (session if now < session.expires_at else None), active_at, now


def seconds(left: timedelta) -> int:
    return -(-left // timedelta(seconds=1))
