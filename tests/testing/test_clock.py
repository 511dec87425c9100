"""FakeClock."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from cross_auth.testing import FakeClock
from cross_auth.testing._laws import law

START = datetime(2030, 1, 1, tzinfo=UTC)


@law("clock-moves-when-told")
def test_time_stands_still_until_it_is_moved() -> None:
    """time.time and datetime.now show the time of the clock, to the microsecond."""
    with FakeClock(START) as clock:
        assert (START, START, START.timestamp()) == (clock.now(), datetime.now(UTC), time.time())
        clock.advance(60)
        clock.advance(0.000_001)
        assert START + timedelta(seconds=60, microseconds=1) == clock.now() == datetime.now(UTC)
        clock.move_to(START)
        assert START.timestamp() == time.time()


@law("clock-moves-when-told")
def test_the_wall_clock_is_back_after_the_block() -> None:
    """Outside the block time runs, and the clock does not move."""
    with FakeClock(START) as clock:
        pass
    assert datetime.now(UTC) < START
    for call in (clock.now, lambda: clock.advance(1), lambda: clock.move_to(START)):
        with pytest.raises(RuntimeError, match="with block"):
            call()


@law("clock-moves-when-told")
def test_a_naive_datetime_is_refused() -> None:
    """A time without a zone does not move the clock."""
    with FakeClock(START) as clock:
        with pytest.raises(ValueError, match="aware"):
            clock.move_to(START.replace(tzinfo=None))
        assert START == clock.now()


@law("clock-moves-when-told")
def test_a_clock_starts_at_the_whole_second_of_the_present() -> None:
    """Without a start the clock shows the present, without its fraction."""
    before = datetime.now(UTC)
    with FakeClock() as clock:
        assert 0 == clock.now().microsecond
        assert timedelta(0) <= before - clock.now() + timedelta(seconds=1) < timedelta(seconds=60)
