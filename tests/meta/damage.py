"""Every way to damage one fact of spec/api."""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from spec.model import Page, parse

Pages = dict[str, dict[str, Any]]
Place = tuple[str | int, ...]

_KINDS = {"keyword-only": "positional-only", "positional-only": "keyword-only"}
_CHANGED: dict[str, Callable[[Any], Any]] = {
    "name": lambda found: f"{found}_",
    "type": lambda found: "ArithmeticError" if "Error" in found else "bytes",
    "default": lambda found: "'damaged'",
    "kind": lambda found: _KINDS[found],
    "id": lambda found: f"{found}-damaged",
    "module": lambda found: f"{found}.damaged",
    "implements": lambda found: "Damaged",
    "frozen": lambda found: not found,
    "strict": lambda found: not found,
    "extra": lambda found: {"ignore": "forbid", "forbid": "ignore"}[found],
    "bases": lambda found: ["Damaged"],
    "minLength": lambda found: found + 1,
    "maxLength": lambda found: found - 1,
    "minimum": lambda found: found + 1,
    "maximum": lambda found: found - 1,
    "pattern": lambda found: f"{found}.",
    "format": lambda found: "time",
    "maxProperties": lambda found: found + 1,
    "parameter": lambda found: f"{found}_",
    "awaited_in": lambda found: f"{found}.damaged",
    "awaited": lambda found: f"{found}Damaged",
    "return_type": lambda found: "bytes",
}
_OPTIONAL = {"default", "kind", "classmethod", "context_manager", "constraints", "bases", "implements", "returns"}
_ADDED: dict[str, dict[str, Any]] = {
    "parameters": {"default": "None", "kind": "keyword-only"},
    "fields": {"default": "None", "constraints": {"minLength": 3}},
    "functions": {"asynchronous": True},
    "methods": {"asynchronous": True, "classmethod": True},
    "classes": {"context_manager": True, "implements": "SecondaryStorage", "bases": ["Exception"]},
}
_ROWS = {"functions", "models", "protocols", "classes", "methods", "parameters", "fields", "laws"}
_ROWS |= {"raises", "overloads"}
_COMPLETE = _ROWS - {"raises"}  # an exception that is not in the table cannot be known
_ORDERED = {"parameters", "fields"}


@dataclass(frozen=True)
class Damage:
    """A place in the pages, and the value to put there; ``None`` takes it away."""

    where: str
    place: Place
    value: Any

    def __str__(self) -> str:
        return self.where

    def done_to(self, pages: Pages, whole: list[Page]) -> list[Page]:
        """Return the spec with the page of the damage in the first place, where it is soon met."""
        slug, *way, last = self.place
        page = copy.deepcopy(pages[str(slug)])
        holder: Any = page
        for step in way:
            holder = holder[step]
        if self.value is None:
            del holder[last]
        else:
            holder[last] = self.value
        return [*parse([{"slug": slug, **page}]), *(each for each in whole if each.slug != slug)]


def damages(pages: Pages) -> Iterator[Damage]:
    for slug, page in pages.items():
        yield from _facts(page, (slug,), slug)


def _facts(row: dict[str, Any], place: Place, where: str) -> Iterator[Damage]:
    """Yield the damages of one row, and of the tables and rows in it."""
    for key, value in row.items():
        here = (*place, key)
        if key in _CHANGED:
            yield Damage(f"{where} {key}", here, _CHANGED[key](value))
        if key in _OPTIONAL:
            yield Damage(f"{where} without {key}", here, None)
        if key in _ROWS:
            yield from _table(key, value, here, where)
        elif isinstance(value, dict):
            yield from _facts(value, here, f"{where} {key}")


def _table(kind: str, rows: list[dict[str, Any]], place: Place, where: str) -> Iterator[Damage]:
    """Yield the damages of a table: of its rows, their number and their order."""
    for at, row in enumerate(rows):
        name = f"{where} {row.get('name') or row.get('id') or row['type']}"
        yield from _facts(row, (*place, at), name)
        for key, value in _ADDED.get(kind, {}).items():
            if key not in row:
                yield Damage(f"{name} with {key}", (*place, at, key), value)
        if kind in _COMPLETE:
            yield Damage(f"{name} missing", place, rows[:at] + rows[at + 1 :])
        if kind in _ORDERED and at:
            yield Damage(f"{name} too early", place, [*rows[: at - 1], row, rows[at - 1], *rows[at + 1 :]])
