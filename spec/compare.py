"""One fact of the spec against the same fact of the code: parameters, types, defaults, fields, exceptions."""

import asyncio
import inspect
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Any, get_overloads, get_type_hints

from pydantic import BaseModel

from spec.model import Described, FieldRow, Function, Model, Parameter

_MISSING = object()
# Told by other cells, or about what is in a dictionary.
_NO_CONSTRAINTS = {"title", "description", "type", "default", "enum", "anyOf", "additionalProperties", "propertyNames"}
_TOLD = {"frozen", "strict", "extra", "hide_input_in_errors"}


def functions(
    where: str, entry: Function, code: Callable[..., Any], names: dict[str, Any], skip: int = 0
) -> Iterator[str]:
    yield from differ(where, "async", inspect.iscoroutinefunction(code), entry.asynchronous)
    yield from _signature(where, entry, code, names, skip)
    found = get_overloads(code)
    yield from differ(where, "overloads", len(found), len(entry.signatures))
    for overload, signature in zip(found, entry.signatures, strict=False):
        yield from _signature(f"{where} -> {signature.return_type}", signature, overload, names, skip)


def _signature(
    where: str, entry: Function, code: Callable[..., Any], names: dict[str, Any], skip: int
) -> Iterator[str]:
    hints = get_type_hints(code)
    yield from parameters(where, entry.parameters, code, hints, names, skip)
    yield from _type(where, "return type", hints.get("return", _MISSING), entry.return_type, names)


def parameters(
    where: str, rows: Sequence[Parameter], code: Any, hints: dict[str, Any], names: dict[str, Any], skip: int
) -> Iterator[str]:
    found = list(inspect.signature(code).parameters.values())[skip:]
    yield from differ(where, "parameters", [each.name for each in found], [row.name for row in rows])
    for each, row in zip(found, rows, strict=False):
        place = f"{where}({row.name})"
        yield from differ(place, "kind", _kind(each), row.kind)
        yield from _type(place, "type", hints.get(each.name, _MISSING), row.type, names)
        yield from _default(place, _MISSING if each.default is each.empty else each.default, row.default, names)


def _kind(parameter: inspect.Parameter) -> str | None:
    usual = parameter.kind is parameter.POSITIONAL_OR_KEYWORD
    return None if usual else parameter.kind.description.replace(" ", "-")


def models(entry: Model, code: type[BaseModel], names: dict[str, Any]) -> Iterator[str]:
    config = code.model_config
    yield from differ(entry.name, "frozen", config.get("frozen", False), entry.frozen)
    yield from differ(entry.name, "strict", config.get("strict", False), entry.strict)
    yield from differ(entry.name, "extra", config.get("extra", "ignore"), entry.extra)
    yield from differ(entry.name, "fields", list(code.model_fields), [row.name for row in entry.fields])
    yield from differ(entry.name, "other configuration", sorted(config.keys() - _TOLD), [])
    hints = get_type_hints(code)
    schemas = code.model_json_schema(by_alias=False)["properties"]
    for row in entry.fields:
        if row.name in code.model_fields:
            yield from _field(f"{entry.name}.{row.name}", row, code, hints, schemas[row.name], names)


def _field(
    where: str,
    row: FieldRow,
    code: type[BaseModel],
    hints: dict[str, Any],
    schema: dict[str, Any],
    names: dict[str, Any],
) -> Iterator[str]:
    field = code.model_fields[row.name]
    yield from _type(where, "type", hints[row.name], row.type, names)
    yield from _default(
        where, _MISSING if field.is_required() else field.get_default(call_default_factory=True), row.default, names
    )
    hidden = [name for name in ("alias", "validation_alias", "serialization_alias", "exclude") if getattr(field, name)]
    yield from differ(where, "hidden or renamed", hidden, [])
    typed = next((each for each in schema.get("anyOf", []) if each.get("type") != "null"), schema)
    found = {key: value for key, value in (schema | typed).items() if key not in _NO_CONSTRAINTS}
    yield from differ(where, "constraints", found, row.constraints)


def _type(where: str, what: str, found: object, wanted: str, names: dict[str, Any]) -> Iterator[str]:
    try:
        type_ = eval(wanted, names)  # noqa: S307  our own spec
    except Exception as error:  # noqa: BLE001  whatever is wrong with the cell is the answer
        yield f"{where}: {what}: {wanted!r} cannot be evaluated: {error}"
        return
    yield from differ(where, what, found, type(None) if type_ is None else type_)


def _default(where: str, found: object, wanted: str | None, names: dict[str, Any]) -> Iterator[str]:
    try:
        value = _MISSING if wanted is None else eval(wanted, names)  # noqa: S307  our own spec
    except Exception as error:  # noqa: BLE001  whatever is wrong with the cell is the answer
        yield f"{where}: default: {wanted!r} cannot be evaluated: {error}"
        return
    yield from differ(where, "default", (type(found), found), (type(value), value))


def raised(where: str, entry: Described, names: dict[str, Any]) -> Iterator[str]:
    for row in entry.raises:
        wanted = _exception(row.type)
        if wanted is None:
            yield f"{where}: raises {row.type}, which cannot be imported"
            continue
        try:
            _finish(eval(row.example, names))  # noqa: S307  our own spec
        except Exception as error:  # noqa: BLE001  its type is what is checked
            yield from differ(where, f"raised by {row.example}", type(error), wanted)
        else:
            yield f"{where}: {row.example} raises nothing, wanted {row.type}"


def _finish(result: object) -> object:
    async def wait() -> object:
        return await result if inspect.isawaitable(result) else result

    return asyncio.run(wait()) if inspect.isawaitable(result) else result


def _exception(dotted: str) -> object:
    module, _, name = dotted.rpartition(".")
    try:
        return getattr(import_module(module or "builtins"), name, None)
    except ImportError:
        return None


def differ(where: str, what: str, found: object, wanted: object) -> Iterator[str]:
    if found != wanted:
        yield f"{where}: {what}: found {found!r}, wanted {wanted!r}"
