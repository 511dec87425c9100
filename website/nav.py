"""The navigation: what stands in it, and what should."""

from collections.abc import Iterable, Iterator
from typing import Any

_SECTIONS = ("index.md", "guides/", "examples/index.md", "api/", "about/")


def problems(nav: list[Any], places: Iterable[str]) -> list[str]:
    """Return the pages that the navigation lacks, and those that it names and that are none."""
    listed, made = set(entries(nav)), set(places)
    lacking = sorted(place for place in made - listed if place.startswith(_SECTIONS))
    return [
        *(f"zensical.toml: {place} is not in nav" for place in lacking),
        *(f"zensical.toml: {place} is in nav and no page" for place in sorted(listed - made)),
    ]


def entries(nav: Any) -> Iterator[str]:
    """Yield the pages in their order, from a text, a list or a table of TOML."""
    if isinstance(nav, str):
        yield nav
    else:
        for entry in nav.values() if isinstance(nav, dict) else nav:
            yield from entries(entry)
