"""What a storage is asked."""

from typing import Any

from cross_auth import create_session, delete_session, get_session
from cross_auth.storage.memory import MemoryStorage


class Counted:
    """Stand before a storage and note the name of each call."""

    def __init__(self, storage: object) -> None:
        self._storage = storage
        self.names: list[str] = []

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._storage, name)

        def call(*arguments: object, **named: object) -> Any:
            self.names.append(name)
            return method(*arguments, **named)

        return call


class CountedAwaited(Counted):
    """Do the same before an async storage."""

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._storage, name)

        async def call(*arguments: object, **named: object) -> Any:
            self.names.append(name)
            return await method(*arguments, **named)

        return call


def asked_of_one(operation: str) -> list[str]:
    """Return what create, get or delete of one session asks, which is the same of every storage."""
    counted: Any = Counted(MemoryStorage())
    session_id, _ = create_session("user", counted)
    if operation != "create":
        counted.names.clear()
        {"get": get_session, "delete": delete_session}[operation](session_id, counted)
    names: list[str] = counted.names
    return names
