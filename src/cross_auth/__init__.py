"""Server-side web sessions: typed, spec-driven, and dead once they are deleted."""

from cross_auth._cookies import Cookie, make_clear_cookie, make_session_cookie, read_session_cookie
from cross_auth._models import SessionConfig, SessionData
from cross_auth._protocols import (
    AsyncIndexedStorage,
    AsyncSecondaryStorage,
    IndexedStorage,
    SecondaryStorage,
    StorageError,
)
from cross_auth._sessions import create_session, delete_session, get_session

__all__ = [
    "AsyncIndexedStorage",
    "AsyncSecondaryStorage",
    "Cookie",
    "IndexedStorage",
    "SecondaryStorage",
    "SessionConfig",
    "SessionData",
    "StorageError",
    "create_session",
    "delete_session",
    "get_session",
    "make_clear_cookie",
    "make_session_cookie",
    "read_session_cookie",
]
