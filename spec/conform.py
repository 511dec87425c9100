"""The spec against the code, both ways: everything that one says and the other does not."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from types import FunctionType, ModuleType
from typing import Any, get_type_hints

from pydantic import BaseModel

from spec.model import Class, Described, Entry, FieldRow, Function, Model, Page, Parameter, Protocol, described, entries
from spec.model import protocols as protocols_of
from spec.names import namespace
from spec.pyi import ours

_MISSING = object()
_KEYWORDS = {"minLength", "maxLength", "minimum", "maximum", "pattern", "format"}


def problems(spec: list[Page], modules: Mapping[str, ModuleType], examples: Mapping[str, object]) -> list[str]:
    """Return what differs, each as a place, what was found there and what was wanted."""
    names = namespace(spec, modules)
    found = [*_tidy(spec), *_public(spec, modules)]
    for entry in entries(spec):
        code = getattr(modules.get(entry.module), entry.name, None)
        if code is not None:
            found += _entry(entry, code, names, protocols_of(spec))
    for where, each in described(spec):
        found += _raises(where, each, {**names, **examples})
    return found


def _tidy(spec: list[Page]) -> Iterator[str]:
    ids = [law.id for _, entry in described(spec) for law in entry.laws]
    yield from (f"law {law}: stands more than once" for law in _repeated(ids))
    yield from (f"{name}: stands more than once" for name in _repeated([name for name, _ in described(spec)]))
    yield from (f"page order {order}: stands more than once" for order in _repeated([page.order for page in spec]))
    for where, entry in described(spec):
        rows = [(row.type, row.when) for row in entry.raises]
        yield from (f"{where}: raises {row}: stands more than once" for row in _repeated(rows))


def _repeated(items: Sequence[Any]) -> list[Any]:
    return sorted({item for item in items if items.count(item) > 1})


def _public(spec: list[Page], modules: Mapping[str, ModuleType]) -> Iterator[str]:
    wanted = {(entry.module, entry.name) for entry in entries(spec)}
    public = {(name, each) for name, module in modules.items() for each in getattr(module, "__all__", ())}
    own = {
        (name, each)
        for name, module in modules.items()
        for each, value in vars(module).items()
        if not each.startswith("_") and getattr(value, "__module__", None) == name
    }
    yield from (f"{module}.{name}: public, and in no page" for module, name in sorted((public | own) - wanted))
    yield from (f"{module}.{name}: in a page, and not in __all__" for module, name in sorted(wanted - public))


def _entry(entry: Entry, code: Any, names: dict[str, Any], protocols: dict[str, Protocol]) -> Iterator[str]:
    yield from _summary(entry.name, entry, code)
    if isinstance(entry, Function):
        yield from _function(entry.name, entry, code, names)
        return
    methods = list(entry.methods)
    if isinstance(entry, Model):
        yield from _model(entry, code, names)
    if isinstance(entry, Protocol):
        yield from _differ(entry.name, "protocol", getattr(code, "_is_protocol", False), True)
    if isinstance(entry, Class):
        yield from _class(entry, code, names)
        methods += map(ours, protocols[entry.implements].methods if entry.implements in protocols else [])
        if entry.implements and entry.implements not in protocols:
            yield f"{entry.name}: implements {entry.implements}, which is no protocol of the spec"
    own = {name: member for name, member in vars(code).items() if not name.startswith("_") and _is_method(member)}
    yield from _differ(entry.name, "methods", sorted(own), sorted(method.name for method in methods))
    for method in methods:
        if method.name in own:
            yield from _method(f"{entry.name}.{method.name}", method, own[method.name], names)
    for method in entry.methods:
        yield from _summary(f"{entry.name}.{method.name}", method, getattr(code, method.name, None))


def _is_method(member: object) -> bool:
    return isinstance(member, FunctionType | classmethod | staticmethod | property)


def _summary(where: str, entry: Described, code: object) -> Iterator[str]:
    doc = (inspect.getdoc(code) or "").replace("``", "`")
    yield from _differ(where, "first line of the docstring", doc.partition("\n")[0], entry.summary)


def _method(where: str, method: Function, code: Any, names: dict[str, Any]) -> Iterator[str]:
    yield from _differ(where, "classmethod", isinstance(code, classmethod), method.classmethod)
    function = code.__func__ if isinstance(code, classmethod) else code
    yield from _function(where, method, function, names, skip=1)


def _function(
    where: str, entry: Function, code: Callable[..., Any], names: dict[str, Any], skip: int = 0
) -> Iterator[str]:
    yield from _differ(where, "async", inspect.iscoroutinefunction(code), entry.asynchronous)
    hints = get_type_hints(code)
    yield from _parameters(where, entry.parameters, code, hints, names, skip)
    yield from _type(where, "return type", hints.get("return", _MISSING), entry.return_type, names)


def _parameters(
    where: str, rows: Sequence[Parameter], code: Any, hints: dict[str, Any], names: dict[str, Any], skip: int
) -> Iterator[str]:
    found = list(inspect.signature(code).parameters.values())[skip:]
    yield from _differ(where, "parameters", [each.name for each in found], [row.name for row in rows])
    for each, row in zip(found, rows, strict=False):
        place = f"{where}({row.name})"
        yield from _differ(place, "kind", _kind(each), row.kind)
        yield from _type(place, "type", hints.get(each.name, _MISSING), row.type, names)
        yield from _default(place, _MISSING if each.default is each.empty else each.default, row.default, names)


def _kind(parameter: inspect.Parameter) -> str | None:
    usual = parameter.kind is parameter.POSITIONAL_OR_KEYWORD
    return None if usual else parameter.kind.description.replace(" ", "-")


def _model(entry: Model, code: type[BaseModel], names: dict[str, Any]) -> Iterator[str]:
    config = code.model_config
    yield from _differ(entry.name, "frozen", config.get("frozen", False), entry.frozen)
    yield from _differ(entry.name, "strict", config.get("strict", False), entry.strict)
    yield from _differ(entry.name, "extra", config.get("extra", "ignore"), entry.extra)
    yield from _differ(entry.name, "fields", list(code.model_fields), [row.name for row in entry.fields])
    hints = get_type_hints(code)
    schemas = code.model_json_schema()["properties"]
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
    yield from _default(where, _MISSING if field.is_required() else field.default, row.default, names)
    typed = next((each for each in schema.get("anyOf", []) if each.get("type") != "null"), schema)
    found = {key: value for key, value in typed.items() if key in _KEYWORDS}
    yield from _differ(where, "constraints", found, row.constraints)


def _class(entry: Class, code: type, names: dict[str, Any]) -> Iterator[str]:
    yield from _differ(entry.name, "bases", [base.__name__ for base in code.__bases__ if _is_public(base)], entry.bases)
    entered = hasattr(code, "__enter__") and hasattr(code, "__exit__")
    yield from _differ(entry.name, "context manager", entered, entry.context_manager)
    if "__init__" in vars(code) or entry.parameters:
        constructor = vars(code).get("__init__", object.__init__)
        hints = get_type_hints(constructor) if "__init__" in vars(code) else {}
        yield from _parameters(entry.name, entry.parameters, constructor, hints, names, skip=1)


def _is_public(base: type) -> bool:
    return base is not object and not any(part.startswith("_") for part in base.__module__.split("."))


def _type(where: str, what: str, found: object, wanted: str, names: dict[str, Any]) -> Iterator[str]:
    try:
        type_ = eval(wanted, names)  # noqa: S307  our own spec
    except Exception as error:  # noqa: BLE001  whatever is wrong with the cell is the answer
        yield f"{where}: {what}: {wanted!r} cannot be evaluated: {error}"
        return
    yield from _differ(where, what, found, type(None) if type_ is None else type_)


def _default(where: str, found: object, wanted: str | None, names: dict[str, Any]) -> Iterator[str]:
    try:
        value = _MISSING if wanted is None else eval(wanted, names)  # noqa: S307  our own spec
    except Exception as error:  # noqa: BLE001  whatever is wrong with the cell is the answer
        yield f"{where}: default: {wanted!r} cannot be evaluated: {error}"
        return
    yield from _differ(where, "default", (type(found), found), (type(value), value))


def _raises(where: str, entry: Described, names: dict[str, Any]) -> Iterator[str]:
    for row in entry.raises:
        wanted = _exception(row.type)
        if wanted is None:
            yield f"{where}: raises {row.type}, which cannot be imported"
            continue
        try:
            eval(row.example, names)  # noqa: S307  our own spec
        except Exception as error:  # noqa: BLE001  its type is what is checked
            yield from _differ(where, f"raised by {row.example}", type(error), wanted)
        else:
            yield f"{where}: {row.example} raises nothing, wanted {row.type}"


def _exception(dotted: str) -> object:
    module, _, name = dotted.rpartition(".")
    try:
        return getattr(import_module(module or "builtins"), name, None)
    except ImportError:
        return None


def _differ(where: str, what: str, found: object, wanted: object) -> Iterator[str]:
    if found != wanted:
        yield f"{where}: {what}: found {found!r}, wanted {wanted!r}"
