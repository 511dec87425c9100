"""The functions on one session, sync: look at the arguments, then step the operation to its end."""

from datetime import UTC, datetime

from cross_auth import _operations
from cross_auth._arguments import (
    WANTED,
    WANTED_ID,
    WANTED_INDEXED,
    are_options,
    is_session_id,
    is_user_id,
)
from cross_auth._models import SessionData
from cross_auth._protocols import IndexedStorage, SecondaryStorage
from cross_auth._records import activity_key, decode, handle_of, last_activity, record_key
from cross_auth._refusals import check
from cross_auth._stepped import AwaitableIndex, awaitable, run
from cross_auth._storage_kinds import is_indexed, is_storage


def create_session(
    user_id: str,
    storage: SecondaryStorage,
    max_age: int = 86400,
    *,
    idle_timeout: int | None = None,
    metadata: dict[str, str] | None = None,
    replaces: str | None = None,
) -> tuple[str, SessionData]:
    """Start a session for a user and return its id and its data.

    ``max_age`` and ``idle_timeout`` are in whole seconds, 1 to 34 560 000 (400 days, RFC 6265bis 5.5):
    how long the session lives, and how long without activity that ``touch_session`` marks.
    ``metadata`` is what the application shows of the session: 16 texts at most, of 4096 bytes with their names.
    ``replaces`` is the id that the request of the log-in carried, or whatever else its cookie held:
    that session is ended first (OWASP ASVS 5.0, 7.2.4).
    The id is 256 random bits; the storage is given its SHA-256 alone.
    Returns after the storage has accepted the record.
    Raises ``pydantic.ValidationError`` that names the parameter, before anything is written,
    and ``StorageError`` where the storage fails, by when the one that it replaces may have ended.
    """
    if not (is_user_id(user_id) and is_storage(storage) and are_options(max_age, idle_timeout, metadata, replaces)):
        given = {"max_age": max_age, "idle_timeout": idle_timeout, "metadata": metadata, "replaces": replaces}
        check("create_session", WANTED, user_id=user_id, storage=storage, **given)
    return run(_operations.create(awaitable(storage), user_id, max_age, idle_timeout, metadata, replaces))


def get_session(session_id: str, storage: SecondaryStorage) -> SessionData | None:
    """Return the data of a live session, or ``None`` where there is no such session.

    Reads once, and once more where the session has an idle limit; it never writes.
    Text that cannot be an id is answered without asking the storage.
    A session is dead from the instant ``expires_at``, whatever the storage still holds.
    Raises ``pydantic.ValidationError`` that names the parameter, and ``StorageError`` where the storage fails.
    """
    if not (is_storage(storage) and type(session_id) is str):
        check("get_session", WANTED, session_id=session_id, storage=storage)
    # The steps of _operations.get, without a coroutine: every request pays for this call.
    if not is_session_id(session_id):
        return None
    handle = handle_of(session_id)
    session = decode(handle, storage.get(record_key(handle)))
    if session is None or session.idle_timeout is None:
        return session
    return session if last_activity(session, storage.get(activity_key(handle)), datetime.now(UTC)) else None


def touch_session(session_id: str, storage: SecondaryStorage) -> SessionData | None:
    """Mark that a session is in use and return its data, or ``None`` where there is no such session.

    Writes where a tenth of the idle limit has passed since the last write, and never where there is no limit.
    The time that is written is that of the decision: a write that lands late never prolongs a session past its limit.
    Raises ``pydantic.ValidationError`` that names the parameter, and ``StorageError`` where the storage fails.
    """
    if not (is_storage(storage) and type(session_id) is str):
        check("touch_session", WANTED, session_id=session_id, storage=storage)
    return run(_operations.touch(awaitable(storage), session_id))


def renew_session(session_id: str, storage: IndexedStorage) -> tuple[str, SessionData] | None:
    """Give a session a new id and end the old one; ``None`` where there is no such session.

    For a change of privilege (OWASP ASVS 5.0, 7.2.4).
    User, times, limits and metadata stay as they were, and the renewal counts as activity.
    Of concurrent renewals of one session exactly one returns a new id.
    Raises ``pydantic.ValidationError`` that names the parameter, and ``StorageError`` where the storage fails:
    then the old id may have ended, and no new one lives.
    """
    if not (is_indexed(storage) and type(session_id) is str):
        check("renew_session", WANTED_INDEXED, session_id=session_id, storage=storage)
    return run(_operations.renew(AwaitableIndex(storage), session_id))


def delete_session(session_id: str, storage: SecondaryStorage) -> None:
    """End a session; do nothing where there is no such session.

    After it has returned no caller anywhere gets the session, and none that a renewal put in its place.
    Raises ``pydantic.ValidationError`` that names the parameter, and ``StorageError`` where the storage fails.
    """
    if not (is_storage(storage) and type(session_id) is str):
        check("delete_session", WANTED, session_id=session_id, storage=storage)
    run(_operations.delete(awaitable(storage), session_id))


def session_handle(session_id: str) -> str:
    """Return the handle of a session, which may be shown: the lower-case hex SHA-256 of its id.

    Raises ``pydantic.ValidationError`` for text that cannot be an id.
    """
    if not (type(session_id) is str and is_session_id(session_id)):
        check("session_handle", WANTED_ID, session_id=session_id)
    return handle_of(session_id)
