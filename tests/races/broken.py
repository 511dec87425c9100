"""Operations as others have them, each of which breaks a law: what the races must catch."""

from asyncio import CancelledError
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cross_auth import SessionData, StorageError, create_session
from cross_auth import _operations as operations
from cross_auth._operations import encode, handle_of, record_key
from tests.races.callers import Early
from tests.races.model import Ids, Model
from tests.races.scenarios import OPERATIONS, USER, Operation


def _key(session_id: str) -> str:
    return record_key(handle_of(session_id))


async def touch(storage: Any, session_id: str) -> None:
    """Look whether the session is there, then set its record: an upsert."""
    value = await storage.get(_key(session_id))
    if value is not None:
        await storage.set(_key(session_id), value, ttl=60)


def touch_in_sync(session_id: str, storage: Any) -> None:
    value = storage.get(_key(session_id))
    if value is not None:
        storage.set(_key(session_id), value, ttl=60)


async def save_at_the_end(storage: Any, session_id: str) -> Early | None:
    """Answer the request, then save what was read before it, as Flask-Session and Litestar do."""
    session = await operations.get(storage, session_id)
    return None if session is None else Early(session, storage.set(_key(session_id), encode(session), ttl=60))


async def get_and_prolong(storage: Any, session_id: str) -> SessionData | None:
    """Move the end of the session at each read."""
    session = await operations.get(storage, session_id)
    if session is not None:
        session = session.model_copy(update={"expires_at": session.expires_at + timedelta(seconds=60)})
        await storage.set(_key(session_id), encode(session), ttl=120)
    return session


async def delete_later(storage: Any, session_id: str) -> Early:
    """Note that the session is to be deleted and return; the record is removed afterwards."""
    await storage.set(f"deleted:{handle_of(session_id)}", "yes", ttl=60)
    return Early(None, operations.delete(storage, session_id))


async def delete_quietly(storage: Any, session_id: str) -> None:
    """Take an outage for a session that is not there."""
    with suppress(StorageError):
        await operations.delete(storage, session_id)


async def delete_deaf(storage: Any, session_id: str) -> None:
    """Take a cancellation for an answer."""
    with suppress(CancelledError):
        await operations.delete(storage, session_id)


async def revoke_one(storage: Any, _: str) -> None:
    """End one session of the user where all were to end."""
    await operations.delete(storage, Ids.of("a"))


async def create_early(storage: Any, _: str) -> Early:
    """Return the id before the storage has accepted the record."""
    elsewhere = Model()
    session_id, session = create_session(USER, elsewhere, 60)
    return Early((session_id, session), storage.set(_key(session_id), elsewhere.get(_key(session_id)), ttl=60))


async def create_twice(storage: Any, _: str) -> tuple[str, SessionData]:
    """Write the record and write it again before the id is returned."""
    session_id, session = await operations.create(storage, USER, 60)
    await storage.set(_key(session_id), encode(session), ttl=60)
    return session_id, session


async def renew_without_pop(storage: Any, session_id: str) -> tuple[str, SessionData] | None:
    """Write the new record and delete the old one; who renews at the same time does so too."""
    if await operations.get(storage, session_id) is None:
        return None
    renewed = await operations.create(storage, USER, 60)
    await operations.delete(storage, session_id)
    return renewed


async def renew_without_undo(storage: Any, session_id: str) -> tuple[str, SessionData] | None:
    """Let the pop decide who has renewed, and leave the record of who has not."""
    if await operations.get(storage, session_id) is None:
        return None
    renewed = await operations.create(storage, USER, 60)
    return renewed if await storage.pop(_key(session_id)) is not None else None


async def renew_without_next(storage: Any, session_id: str) -> tuple[str, SessionData] | None:
    """Let the pop decide, and undo; but a delete does not learn of the new session."""
    if await operations.get(storage, session_id) is None:
        return None
    renewed = await operations.create(storage, USER, 60)
    if await storage.pop(_key(session_id)) is not None:
        return renewed
    await operations.delete(storage, renewed[0])
    return None


@dataclass(frozen=True)
class Broken:
    """A broken operation, a scenario that it takes part in, and the laws that it breaks there."""

    name: str
    operation: Operation
    scenario: str
    laws: set[str]

    @property
    def operations(self) -> Mapping[str, Operation]:
        return {**OPERATIONS, self.name: self.operation}


_FINAL = {"delete-is-final"}
_ONCE = {"record-is-written-once"}
_SLIDING = {"get-never-writes", "read-is-whole"}

BROKEN = (
    Broken("touch", Operation("touch", touch, touch_in_sync), "delete a | touch a", _FINAL | _ONCE),
    Broken("request", Operation("touch", save_at_the_end), "delete a | request a", _FINAL | _ONCE),
    Broken("prolong", Operation("read", get_and_prolong), "prolong a | delete a | get a", _FINAL | _ONCE | _SLIDING),
    Broken("delete", Operation("end", delete_later), "delete a | get a", _FINAL),
    Broken("delete", Operation("end", delete_quietly), "delete a | get a", _FINAL | {"outage-raises"}),
    Broken("delete", Operation("end", delete_deaf), "delete a | get a", _FINAL | {"cancellation-raises"}),
    Broken("revoke_all", Operation("end all", revoke_one), "revoke_all | get b", _FINAL),
    Broken("create", Operation("make", create_early), "create >new | get new", {"create-is-readable"}),
    Broken("create", Operation("make", create_twice), "create >new | guess new", _ONCE | {"get-unknown-is-none"}),
    Broken("renew", Operation("replace", renew_without_pop), "renew a >b | renew a >c", {"one-winner"}),
    Broken("renew", Operation("replace", renew_without_undo), "renew a >b | renew a >c", {"no-orphan"}),
    Broken("renew", Operation("replace", renew_without_next), "delete a | renew a >b", _FINAL),
)
