"""The navigation: what stands in it, and what should."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

_SECTIONS = ("index.md", "guides/", "examples/index.md", "api/", "about/")


def problems(nav: list[Any], places: Iterable[str]) -> list[str]:
    """Return the pages that the navigation lacks, has twice, or names though they are none."""
    counts, made = Counter(entries(nav)), set(places)
    listed = set(counts)
    lacking = sorted(place for place in made - listed if place.startswith(_SECTIONS))
    return [
        *(f"zensical.toml: {place} is not in nav" for place in lacking),
        *(f"zensical.toml: {place} is in nav twice" for place, count in sorted(counts.items()) if count > 1),
        *(f"zensical.toml: {place} is in nav and no page" for place in sorted(listed - made)),
    ]


def entries(nav: Any) -> Iterator[str]:
    """Yield the pages in their order, from a text, a list or a table of TOML."""
    if isinstance(nav, str):
        yield nav
    else:
        for entry in nav.values() if isinstance(nav, dict) else nav:
            yield from entries(entry)
