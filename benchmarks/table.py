"""Tables and cells of the page, in Markdown."""

from collections.abc import Iterable, Sequence
from typing import Any


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose first column is text and whose others are figures."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def digits(value: float) -> str:
    """Return a figure with three digits that count, and none that do not."""
    places = 2 if abs(value) < 9.995 else 1 if abs(value) < 99.95 else 0
    return f"{value:,.{places}f}".replace(",", " ")


def ratio(quartiles: dict[str, Any]) -> str:
    """Return a median and the quartiles around it."""
    return f"{quartiles['median']:.2f}x ({quartiles['low']:.2f}–{quartiles['high']:.2f})"  # noqa: RUF001 - a range


def left_out(skipped: dict[str, str]) -> str:
    """Return what was not measured and why, in a paragraph of its own, or nothing."""
    return "".join(f"\nNot measured: {name}: {reason}.\n" for name, reason in skipped.items())
