"""A storage that holds one call of a request until a test lets it go."""

import asyncio
import inspect
from threading import Event
from typing import Any

WAIT = 60


class Held:
    """Pass on whatever is called; the first call that ``hold`` names has its answer kept back once it is there."""

    def __init__(self, storage: Any, name: str) -> None:
        self.storage = storage
        self.name = name
        self.wanted: tuple[str, str] | None = None
        self.reached = Event()
        self.released = Event()

    def hold(self, method: str, prefix: str) -> None:
        """Hold the next call of a method on a key with a prefix."""
        self.wanted = method, prefix

    def _is_wanted(self, method: str, key: str) -> bool:
        if self.wanted is None or (method, True) != (self.wanted[0], key.startswith(self.wanted[1])):
            return False
        self.wanted = None
        self.reached.set()
        return True

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.storage, name)

        def call(key: str, *arguments: Any, **options: Any) -> Any:
            answer = method(key, *arguments, **options)
            if self._is_wanted(name, key):
                assert self.released.wait(WAIT)
            return answer

        async def call_awaited(key: str, *arguments: Any, **options: Any) -> Any:
            answer = await method(key, *arguments, **options)
            if self._is_wanted(name, key):
                assert await asyncio.to_thread(self.released.wait, WAIT)
            return answer

        return call_awaited if inspect.iscoroutinefunction(method) else call
