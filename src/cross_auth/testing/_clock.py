"""The one clock of a test, which moves only when it is told to."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import sleep
from types import TracebackType
from typing import Self

from time_machine import Traveller, travel

from cross_auth._protocols import SecondaryStorage
from cross_auth.testing._laws import clause

Advance = Callable[[SecondaryStorage, float], object]

_A_LONG_TIME = 86_400


class FakeClock:
    """Replace the wall clock of this process: ``time.time``, ``datetime.now`` and what is built on them.

    Inside the ``with`` block time stands still until ``advance`` or ``move_to``:
    at ``start``, or at the whole second of the present.
    The clock of a server is not replaced, nor is ``time.monotonic``.
    """

    def __init__(self, start: datetime | None = None) -> None:
        self._start = start or datetime.now(UTC).replace(microsecond=0)
        self._travel = travel(self._start, tick=False)
        self._traveller: Traveller | None = None

    def __enter__(self) -> Self:
        self._traveller = self._travel.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._travel.stop()
        self._traveller = None

    def now(self) -> datetime:
        """Return the time that the clock shows, aware and in UTC."""
        self._running()
        return datetime.now(UTC)

    def advance(self, seconds: float) -> None:
        """Move the clock on by so many seconds."""
        self._running().shift(timedelta(seconds=seconds))

    def move_to(self, instant: datetime) -> None:
        """Set the clock to an aware datetime."""
        if instant.tzinfo is None:
            raise ValueError(f"instant should be an aware datetime, not {instant!r}")
        self._running().move_to(instant, tick=False)

    def _running(self) -> Traveller:
        if self._traveller is None:
            raise RuntimeError("a FakeClock moves inside its with block only")
        return self._traveller


def clock_of(factory: Callable[[], SecondaryStorage]) -> Advance | None:
    """Return how to advance a storage that came without ``advance``, or ``None`` where only waiting would.

    A storage that reads the time of this process follows ``FakeClock``.
    Any other one is made to show, by one short wait, that it honours a ttl at all.
    """
    storage = factory()
    try:
        with FakeClock() as clock:
            storage.set("clock", "ticks", ttl=1)
            clock.advance(_A_LONG_TIME)  # whether a second would have done is for the tests to say
            if storage.get("clock") is None:
                return lambda storage, seconds: None
        storage.set("clock", "ticks", ttl=1)
        sleep(1.2)
        with clause("storage-honours-ttl"):
            assert storage.get("clock") is None, "a key with a ttl of 1 second was there after a real wait of 1.2"
        return None
    finally:
        close(storage)


def close(storage: object) -> None:
    """Close a storage that can be closed."""
    method = getattr(storage, "close", None)
    if callable(method):
        method()
