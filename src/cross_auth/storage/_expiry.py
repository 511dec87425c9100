"""Which expired rows go, and when: a few with the writes of their table, or many at once for a ``purge``."""

from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any, Generic, TypeVar


class Expiry:
    """Know of one table how many expired rows should go now, and from when on to look for them."""

    def __init__(self, writes_between: int) -> None:
        self.begin = 0
        self._last = 0
        self._writes = count()
        self._writes_between = writes_between

    def due(self) -> int:
        """Count a write, and return how many rows go with it: three for each write, so that a backlog shrinks."""
        return 0 if next(self._writes) % self._writes_between else 3 * self._writes_between

    def note(self, wanted: int, found: tuple[Any, ...] | None) -> int:
        """Return how many rows went, and remember where the next step begins.

        PostgreSQL's index keeps what was removed until it is met once more, at a fourth of a microsecond a row:
        each step begins where the one before it did, so that the one from the oldest on, in the end, meets little.
        """
        gone, last = found or (0, 0)
        self.begin, self._last = (self._last, last) if gone == wanted else (0, 0)
        return int(gone)


_E = TypeVar("_E", bound=Expiry)


class Purge(Generic[_E]):
    """Remove expired rows of several tables in steps, until none is left or a limit is reached.

    Who goes through the steps adds to ``gone`` what went in each.
    """

    def __init__(self, tables: Iterable[_E], limit: int, most: int) -> None:
        self.gone = 0
        self._tables = tables
        self._limit = limit
        self._most = most

    def __iter__(self) -> Iterator[tuple[_E, int, int]]:
        for table in self._tables:
            is_done = False
            while not is_done and self.gone < self._limit:
                begin, before = table.begin, self.gone
                wanted = min(self._most, self._limit - before)
                yield table, begin, wanted
                is_done = begin == 0 and self.gone - before < wanted
