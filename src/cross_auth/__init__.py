"""Server-side web sessions: typed, spec-driven, and dead once they are deleted."""

from cross_auth._cookies import Cookie, make_clear_cookie, make_session_cookie, read_session_cookie
from cross_auth._models import SessionConfig, SessionData, SessionInfo
from cross_auth._protocols import (
    AsyncIndexedStorage,
    AsyncSecondaryStorage,
    IndexedStorage,
    RequestHeaders,
    SecondaryStorage,
    StorageError,
)
from cross_auth._requests import is_cross_origin
from cross_auth._sessions import (
    create_session,
    delete_session,
    get_session,
    renew_session,
    session_handle,
    touch_session,
)
from cross_auth._user_sessions import list_sessions, revoke_session, revoke_sessions

__all__ = [
    "AsyncIndexedStorage",
    "AsyncSecondaryStorage",
    "Cookie",
    "IndexedStorage",
    "RequestHeaders",
    "SecondaryStorage",
    "SessionConfig",
    "SessionData",
    "SessionInfo",
    "StorageError",
    "create_session",
    "delete_session",
    "get_session",
    "is_cross_origin",
    "list_sessions",
    "make_clear_cookie",
    "make_session_cookie",
    "read_session_cookie",
    "renew_session",
    "revoke_session",
    "revoke_sessions",
    "session_handle",
    "touch_session",
]
