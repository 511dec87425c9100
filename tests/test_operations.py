"""Both colours of an operation: awaited over an async storage, and stepped over a sync one."""

import asyncio

import pytest

from cross_auth import SessionData, create_session, get_session
from cross_auth import _operations as operations
from cross_auth._stepped import run
from cross_auth.storage.memory import MemoryStorage
from cross_auth.testing._laws import law


class Suspending:
    """Await the event loop before and after every call of a real storage, as a client of a server does."""

    def __init__(self, storage: MemoryStorage) -> None:
        self.storage = storage

    async def set(self, key: str, value: str, /, ttl: int | None = None) -> object:
        await asyncio.sleep(0)
        self.storage.set(key, value, ttl=ttl)
        await asyncio.sleep(0)
        return None

    async def get(self, key: str, /) -> str | None:
        await asyncio.sleep(0)
        return self.storage.get(key)

    async def delete(self, key: str, /) -> object:
        await asyncio.sleep(0)
        self.storage.delete(key)
        await asyncio.sleep(0)
        return None

    async def pop(self, key: str, /) -> str | None:
        await asyncio.sleep(0)
        return self.storage.pop(key)


@law("create-is-readable", "delete-is-final")
def test_the_awaited_operations_do_what_the_functions_do() -> None:
    """Over one storage the coroutines and the functions read and end each other's sessions."""
    storage = MemoryStorage()

    async def live() -> tuple[SessionData | None, SessionData | None, SessionData | None]:
        waiting = Suspending(storage)
        session_id, session = await operations.create(waiting, "user", 60)
        found = await operations.get(waiting, session_id)
        assert session == found == get_session(session_id, storage)
        await operations.delete(waiting, session_id)
        other_id, _ = create_session("user", storage)
        await operations.delete(waiting, other_id)
        return (
            await operations.get(waiting, session_id),
            get_session(other_id, storage),
            await operations.get(waiting, "malformed"),
        )

    assert (None, None, None) == asyncio.run(live())


@law("delete-is-idempotent", "get-malformed-is-none")
def test_a_malformed_id_is_nothing_to_delete() -> None:
    """The awaited delete of a malformed id does nothing, as the function does."""
    asyncio.run(operations.delete(Suspending(MemoryStorage()), "malformed"))


def test_an_operation_that_suspends_cannot_be_stepped() -> None:
    """Stepping a coroutine over a storage that suspends is an error and not a lost session."""
    operation = operations.get(Suspending(MemoryStorage()), "A" * 43)
    with pytest.raises(RuntimeError, match="suspended"):
        run(operation)
    operation.close()
