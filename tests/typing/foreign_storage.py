"""What type checkers say of the API: checked, never run; a line that must be refused says so."""

from typing import Any, assert_type

from cross_auth import (
    AsyncSecondaryStorage,
    Cookie,
    IndexedStorage,
    SecondaryStorage,
    SessionConfig,
    SessionData,
    SessionInfo,
    create_session,
    delete_session,
    get_session,
    list_sessions,
    make_clear_cookie,
    make_session_cookie,
    read_session_cookie,
    renew_session,
    revoke_session,
    revoke_sessions,
    session_handle,
    touch_session,
)
from cross_auth.aio import in_thread
from cross_auth.storage import AsyncClosableStorage
from cross_auth.storage.memory import MemoryStorage
from cross_auth.storage.sqlite import SQLiteStorage


class Foreign:
    """Someone else's storage: other parameter names, more parameters, and results that the contract ignores."""

    def set(self, name: str, text: str, ttl: int | None = None, *, retries: int = 0) -> bool:
        return True

    def get(self, name: str) -> str | None:
        return None

    def delete(self, name: str) -> int:
        return 0

    def pop(self, name: str) -> str | None:
        return None


class ReturnsBytes(Foreign):
    """A client that does not decode."""

    def get(self, name: str) -> bytes | None:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]
        return None


class Indexed(Foreign):
    """Someone else's storage that keeps sets."""

    def add(self, name: str, text: str, seconds: int) -> bool:
        return True

    def members(self, name: str) -> list[str]:
        return []

    def discard(self, name: str, text: str) -> int:
        return 0


class Async:
    """An async storage."""

    async def set(self, key: str, value: str, /, ttl: int | None = None) -> object: ...
    async def get(self, key: str, /) -> str | None: ...
    async def delete(self, key: str, /) -> object: ...
    async def pop(self, key: str, /) -> str | None: ...


storages: list[SecondaryStorage] = [Foreign(), MemoryStorage(), SQLiteStorage("sessions.db", synchronous="NORMAL")]

assert_type(create_session("user", Foreign()), tuple[str, SessionData])
assert_type(create_session(user_id="user", storage=Foreign(), max_age=60), tuple[str, SessionData])
assert_type(get_session("id", Foreign()), SessionData | None)
assert_type(make_session_cookie("id", SessionConfig(samesite="strict")), Cookie)
assert_type(make_clear_cookie(SessionConfig.host_prefixed(max_age=60)), Cookie)
assert_type(read_session_cookie(None), str | None)
assert_type(make_session_cookie("id").to_header(), str)
assert_type(make_session_cookie("id").to_dict(), dict[str, Any])
delete_session("id", Foreign())

indexed: list[IndexedStorage] = [Indexed(), MemoryStorage(), SQLiteStorage("sessions.db")]
assert_type(create_session("user", Foreign(), idle_timeout=60, metadata={"device": "phone"}), tuple[str, SessionData])
assert_type(touch_session("id", Foreign()), SessionData | None)
assert_type(renew_session("id", Indexed()), tuple[str, SessionData] | None)
assert_type(list_sessions("user", Indexed()), list[SessionInfo])
assert_type(revoke_session("user", "handle", Indexed()), bool)
assert_type(revoke_sessions("user", Indexed(), keep="id"), int)
assert_type(session_handle("id"), str)
assert_type(in_thread(Indexed()), AsyncClosableStorage)
assert_type(in_thread(Foreign()), AsyncSecondaryStorage)

with SQLiteStorage("sessions.db") as storage:
    assert_type(storage, SQLiteStorage)

create_session("user", ReturnsBytes())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
create_session("user", Async())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
create_session(7, MemoryStorage())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
renew_session("id", Foreign())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
list_sessions("user", Foreign())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
revoke_session("user", "handle", Foreign())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
revoke_sessions("user", Foreign())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
SessionConfig(samesite="Lax")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
SessionConfig(colour="blue")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
SQLiteStorage("sessions.db", synchronous="OFF")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
make_session_cookie("id").name = "x"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
