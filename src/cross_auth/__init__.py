"""Server-side web sessions: typed, spec-driven, and dead once they are deleted."""

from cross_auth._cookies import Cookie, make_clear_cookie, make_session_cookie, read_session_cookie
from cross_auth._models import SessionConfig, SessionData
from cross_auth._protocols import AsyncSecondaryStorage, SecondaryStorage, StorageError
from cross_auth._sessions import create_session, delete_session, get_session

__all__ = [
    "AsyncSecondaryStorage",
    "Cookie",
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
