"""Renewals as others have them: steps that are left out, or come in another order. Each breaks a law."""

from typing import Any

from cross_auth import SessionData
from cross_auth import _operations as operations
from cross_auth._records import encode, handle_of, successors_key, user_key
from tests.races.beginnings import ids
from tests.races.broken_reads import key_of
from tests.races.callers import Early
from tests.races.calls import Call
from tests.races.operations import MAX_AGE, Run


class _Renewal:
    """The steps of a renewal; ``won`` tells whether it has an id to return."""

    def __init__(self, storage: Any, user: str, old_id: str) -> None:
        self.storage, self.user, self.old_id = storage, user, old_id
        self.won = True

    async def begin(self) -> bool:
        """Read the old session; nothing is written."""
        old = await operations.get(self.storage, self.old_id)
        if old is not None:
            self.new_id = ids(32)
            self.new = old.model_copy(update={"handle": handle_of(self.new_id)})
        return old is not None

    async def write(self) -> None:
        await self.storage.add(user_key(self.user), self.new.handle, 60)
        await self.storage.set(key_of(self.new_id), encode(self.new), ttl=60)

    async def create(self) -> None:
        """Begin a new session in the place of the old one, with times of its own."""
        self.new_id, self.new = await operations.create(self.storage, self.user, MAX_AGE)

    async def note(self) -> None:
        await self.storage.add(successors_key(handle_of(self.old_id)), self.new.handle, 60)

    async def overwrite_note(self) -> None:
        """Note the new session in the place of what others have noted, as a plain ``set`` does."""
        await Call("replace", (successors_key(handle_of(self.old_id)), self.new.handle, 60))

    async def pop(self) -> None:
        """Let the pop decide who has renewed."""
        self.won = await self.storage.pop(key_of(self.old_id)) is not None
        if self.won:
            await self._forget()

    async def delete(self) -> None:
        """End the old session, whoever else does."""
        await self.storage.delete(key_of(self.old_id))
        await self._forget()

    async def undo(self) -> None:
        """End the new session where another has renewed."""
        if not self.won:
            await self.end()

    async def end(self) -> None:
        await operations.end(self.storage, self.new.handle or "")

    async def _forget(self) -> None:
        await self.storage.discard(user_key(self.user), handle_of(self.old_id))


def _renewal(name: str, *steps: str, deaf: bool = False) -> Run:
    """Return a renewal of these steps, which ends the new session where one fails unless it is deaf to errors."""

    async def renew(storage: Any, user: str, session_id: str) -> tuple[str, SessionData] | None:
        renewal = _Renewal(storage, user, session_id)
        if not await renewal.begin():
            return None
        try:
            for step in steps:
                await getattr(renewal, step)()
        except BaseException:
            if not deaf:
                await renewal.end()
            raise
        return (renewal.new_id, renewal.new) if renewal.won else None

    renew.__name__ = f"renew_{name}"
    return renew


without_pop = _renewal("without_pop", "write", "note", "delete")
popping_first = _renewal("popping_first", "delete", "note", "write")
without_undo = _renewal("without_undo", "write", "note", "pop")
without_undo_of_errors = _renewal("without_undo_of_errors", "write", "note", "pop", "undo", deaf=True)
without_note = _renewal("without_note", "write", "pop", "undo")
noting_late = _renewal("noting_late", "write", "pop", "note", "undo")
overwriting_the_note = _renewal("overwriting_the_note", "write", "overwrite_note", "pop", "undo")
as_create = _renewal("as_create", "create", "note", "pop", "undo")


async def renew_early(storage: Any, user: str, session_id: str) -> Early | None:
    """Return the new id, then end the old one."""
    renewal = _Renewal(storage, user, session_id)
    if not await renewal.begin():
        return None
    await renewal.write()
    await renewal.note()
    return Early((renewal.new_id, renewal.new), renewal.delete())
