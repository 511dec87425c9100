"""How the throughput of many workers is told, on the screen and in the page."""

from typing import Any

from benchmarks.table import digits


def told(storage: str, row: dict[str, Any], workers: str) -> str:
    library, floor = (1e9 / row[side]["median"] for side in ("library", "floor"))
    return (
        f"{storage:<32}{row['operation']:<8}{row['workers']:>3} {workers:<8}"
        f"{library:>10,.0f}/s, floor {floor:>10,.0f}/s, {times(row):.2f} times the floor"
    )


def cell(row: dict[str, Any]) -> str:
    return f"{digits(1e9 / row['library']['median'])}, {times(row):.2f}x"


def times(row: dict[str, Any]) -> float:
    """Return how many times the floor's calls a second are the library's, the median of the rounds."""
    return 1 / float(row["ratio"]["median"])
