"""Every entry of the spec, and the awaited forms that entries say they have."""

import re
from collections.abc import Iterator
from typing import Any, TypeVar

from spec.model import Class, Described, Entry, Function, Page, Protocol

EntryType = TypeVar("EntryType", bound=Described)

_CLIENTS = {"ConnectionPool": "AsyncConnectionPool", "Engine": "AsyncEngine"}
_SOURCES = ("type", "return_type", "example", "implements", "bases")


def entries(spec: list[Page]) -> Iterator[Entry]:
    """Yield every entry, and after each its awaited form."""
    names = awaited_names(spec)
    for page in spec:
        for entry in page.entries:
            yield entry
            yield from awaited(entry, names)


def described(spec: list[Page]) -> Iterator[tuple[str, Described]]:
    """Yield every entry and every method with its dotted name."""
    for entry in entries(spec):
        yield label(entry), entry
        if not isinstance(entry, Function):
            yield from ((f"{entry.name}.{method.name}", method) for method in entry.methods)


def label(entry: Entry) -> str:
    """Return the name of an entry, which an awaited form of a function has in common with it."""
    return f"await {entry.name}" if isinstance(entry, Function) and entry.awaited_in == entry.module else entry.name


def laws(spec: list[Page]) -> dict[str, str]:
    """Return the text of each law."""
    return {law.id: law.text for _, entry in described(spec) for law in entry.laws}


def protocols(spec: list[Page]) -> dict[str, Protocol]:
    return {entry.name: entry for entry in entries(spec) if isinstance(entry, Protocol)}


def contract(name: str | None, known: dict[str, Protocol]) -> list[Function]:
    """Return the methods of a protocol, those of its bases first; none for what is no protocol."""
    if name not in known:
        return []
    inherited = [method for base in known[name].bases for method in contract(base, known)]
    return [*inherited, *known[name].methods]


def awaited_names(spec: list[Page]) -> dict[str, str]:
    """Return what stands in an awaited form in place of each name."""
    own = {
        entry.name: entry.awaited
        for page in spec
        for entry in page.entries
        if isinstance(entry, Protocol | Class) and entry.awaited
    }
    return {**_CLIENTS, **own}


def awaited(entry: Entry, names: dict[str, str]) -> Iterator[Entry]:
    """Yield the awaited form that an entry says it has: what it says once holds for both."""
    if isinstance(entry, Function) and entry.awaited_in:
        yield _awaited(entry, names).model_copy(update={"module": entry.awaited_in})
    if isinstance(entry, Protocol | Class) and entry.awaited:
        methods = [each if each.classmethod else _awaited(each, names) for each in entry.methods]
        changes = {"name": entry.awaited, "awaited": None, "methods": methods}
        yield _awaited(entry, names).model_copy(update=changes)


def _awaited(entry: EntryType, names: dict[str, str]) -> EntryType:
    renamed = _renamed(entry, names)
    changes = {"asynchronous": True, "laws": entry.async_laws, "async_laws": []}
    return renamed.model_copy(update=changes)


def _renamed(entry: EntryType, names: dict[str, str]) -> EntryType:
    """Put the awaited names into every cell of Python source."""
    whole = re.compile(rf"\b({'|'.join(names)})\b")

    def renamed(value: Any, is_source: bool) -> Any:
        if isinstance(value, str):
            return whole.sub(lambda found: names[found[0]], value) if is_source else value
        if isinstance(value, dict):
            return {key: renamed(each, key in _SOURCES) for key, each in value.items()}
        return [renamed(each, is_source) for each in value] if isinstance(value, list) else value

    return type(entry).model_validate(renamed(entry.model_dump(), is_source=False))
