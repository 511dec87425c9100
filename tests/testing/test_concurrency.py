"""check_concurrency."""

import time

import pytest

from cross_auth.testing import check_concurrency
from tests.meta.mutants_plain import Plain


class Slow(Plain):
    """A storage whose disk takes 5 milliseconds a write, one after another."""

    closed = 0

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        super().set(key, value, ttl=ttl)
        with self.lock:
            time.sleep(0.005)

    def pop(self, key: str, /) -> str | None:
        found = super().pop(key)
        with self.lock:
            time.sleep(0.005)
        return found

    def close(self) -> None:
        type(self).closed += 1


class SlowAndWrong(Slow):
    def pop(self, key: str, /) -> str | None:
        found = self.get(key)
        time.sleep(0.005)
        self.delete(key)
        return found


class Down(Plain):
    def pop(self, key: str, /) -> str | None:
        raise ConnectionError("down")


def test_a_slow_storage_is_checked_within_a_few_seconds() -> None:
    """A right storage that takes 5 milliseconds a write passes in less than five seconds, and is closed."""
    begin = time.perf_counter()
    check_concurrency(Slow)
    assert time.perf_counter() - begin < 5
    assert 1 == Slow.closed


def test_a_slow_storage_is_accused() -> None:
    """A wrong one is found as well."""
    with pytest.raises(AssertionError, match="exactly one gets the value"):
        check_concurrency(SlowAndWrong)


def test_what_a_storage_raises_comes_through_with_the_sentence() -> None:
    """An exception of the storage keeps its type and gets a note."""
    with pytest.raises(ConnectionError) as caught:
        check_concurrency(Down)
    assert "exactly one gets the value" in caught.value.__notes__[0]
