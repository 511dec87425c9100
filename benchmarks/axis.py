"""The axes of a plot: where a value stands on the page, and which values are named."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, log10


@dataclass(frozen=True)
class Axis:
    """What is shown of the values, and where on the page it begins and ends."""

    first: float
    last: float
    begin: float
    end: float
    logarithmic: bool = False

    def __call__(self, value: float) -> float:
        first, last, at = (log10(each) if self.logarithmic else each for each in (self.first, self.last, value))
        return round(self.begin + (at - first) / (last - first) * (self.end - self.begin), 1)

    @property
    def ticks(self) -> list[float]:
        """Return round values that are shown: powers of ten where there are enough, else in even steps."""
        powers = _of_powers(self.first, self.last) if self.logarithmic else []
        return powers if len(powers) > 2 else _of_steps(self.first, self.last)


def around(values: Iterable[float], begin: float, end: float, *, logarithmic: bool = False) -> Axis:
    """Return an axis that has room for all values."""
    shown = sorted(values)
    low, high = shown[0], shown[-1]
    if logarithmic:
        return Axis(low / 1.1, high * 1.1 if high > low else high * 10, begin, end, logarithmic)
    room = (high - low or abs(high) or 1.0) * 0.04
    return Axis(low - room if low else 0.0, high + room, begin, end)


def named(value: float) -> str:
    """Return a tick's name: ``0.95``, ``2.5``, ``20k`` or ``1M``."""
    for factor, letter in ((1e6, "M"), (1e3, "k")):
        if abs(value) >= factor:
            return f"{value / factor:g}{letter}"
    return f"{value:.6g}"


def _of_steps(first: float, last: float) -> list[float]:
    rough = (last - first) / 6
    unit = 10.0 ** floor(log10(rough))
    step = min(factor * unit for factor in (1, 2, 2.5, 5, 10) if factor * unit >= rough)
    return [number * step for number in range(ceil(first / step), floor(last / step) + 1)]


def _of_powers(first: float, last: float) -> list[float]:
    powers = range(floor(log10(first)), ceil(log10(last)) + 1)
    few, many = ([factor * 10.0**power for power in powers for factor in each] for each in ((1,), (1, 2, 5)))
    shown = [[each for each in ticks if first <= each <= last] for ticks in (few, many)]
    return shown[0] if len(shown[0]) > 2 else shown[1]
