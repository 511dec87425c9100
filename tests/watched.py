"""A storage whose calls are watched: what was asked of it, with every argument."""

from collections.abc import Callable
from typing import Any


class Watched:
    """Pass on whatever is called, and keep it.

    What ``before`` has under the name of a method is done once, before its first call;
    ``failing`` are methods that raise in place of what they do.
    """

    def __init__(
        self,
        storage: object,
        *,
        before: dict[str, Callable[[], object]] | None = None,
        failing: dict[str, Exception] | None = None,
    ) -> None:
        self.storage = storage
        self.before = before or {}
        self.failing = failing or {}
        self.calls: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self.storage, name)

        def call(*arguments: Any, **options: Any) -> Any:
            self.calls.append((name, *arguments, *options.values()))
            self.before.pop(name, lambda: None)()
            if name in self.failing:
                raise self.failing[name]
            return method(*arguments, **options)

        return call

    @property
    def names(self) -> list[str]:
        return [name for name, *_ in self.calls]
