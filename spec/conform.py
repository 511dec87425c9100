"""The spec against the code, both ways: everything that one says and the other does not."""

import inspect
from collections.abc import Iterator, Mapping, Sequence
from types import FunctionType, ModuleType
from typing import Any, get_type_hints

from pydantic import BaseModel

from spec import compare
from spec.entries import contract, described, entries, label
from spec.entries import protocols as protocols_of
from spec.model import Class, Described, Entry, Function, Model, Page, Protocol
from spec.names import namespace
from spec.pyi import ours


def problems(spec: list[Page], modules: Mapping[str, ModuleType], examples: Mapping[str, object]) -> Iterator[str]:
    """Yield what differs, each as a place, what was found there and what was wanted."""
    names, contracts = namespace(spec, modules), protocols_of(spec)
    yield from _tidy(spec)
    yield from _public(spec, modules)
    for entry in entries(spec):
        code = getattr(modules.get(entry.module), entry.name, None)
        if code is not None:
            yield from _entry(entry, code, names, contracts)
    for entry in entries(spec):
        yield from _raised(entry, names, modules, examples)


def _raised(
    entry: Entry, names: dict[str, Any], modules: Mapping[str, ModuleType], examples: Mapping[str, Any]
) -> Iterator[str]:
    """Run the examples, those of an awaited form on its own function and with what is awaited in place of the rest."""
    known = {**names, **examples}
    if not isinstance(entry, Model) and entry.asynchronous:
        known |= {**examples["awaited"], entry.name: getattr(modules.get(entry.module), entry.name, None)}
    yield from compare.raised(label(entry), entry, known)
    for method in () if isinstance(entry, Function) else entry.methods:
        yield from compare.raised(f"{entry.name}.{method.name}", method, known)


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
        yield from compare.functions(entry.name, entry, code, names)
        return
    methods = list(entry.methods)
    if isinstance(entry, Model):
        yield from compare.models(entry, code, names)
    if isinstance(entry, Protocol):
        yield from compare.differ(entry.name, "protocol", getattr(code, "_is_protocol", False), True)
        yield from _bases(entry, code, names)
    if isinstance(entry, Class):
        yield from _class(entry, code, names)
        methods += map(ours, contract(entry.implements, protocols))
        if entry.implements and entry.implements not in protocols:
            yield f"{entry.name}: implements {entry.implements}, which is no protocol of the spec"
    own = {name: member for name, member in vars(code).items() if not name.startswith("_") and _is_method(member)}
    yield from compare.differ(entry.name, "methods", sorted(own), sorted(method.name for method in methods))
    fields = {row.name for row in entry.fields} if isinstance(entry, Model) else set()
    yield from compare.differ(entry.name, "other attributes", sorted(_attributes(code) - own.keys() - fields), [])
    for method in methods:
        if method.name in own:
            yield from _method(f"{entry.name}.{method.name}", method, own[method.name], names)
    for method in entry.methods:
        yield from _summary(f"{entry.name}.{method.name}", method, getattr(code, method.name, None))


def _attributes(code: type) -> set[str]:
    """Return the public names that a class itself defines or annotates, without what Pydantic puts there."""
    names = {*vars(code), *vars(code).get("__annotations__", {})}
    return {name for name in names if not name.startswith("_")} - {
        *dir(BaseModel),
        "model_fields",
        "model_computed_fields",
    }


def _is_method(member: object) -> bool:
    return isinstance(member, FunctionType | classmethod | staticmethod | property)


def _summary(where: str, entry: Described, code: object) -> Iterator[str]:
    doc = (inspect.getdoc(code) or "").replace("``", "`")
    yield from compare.differ(where, "first line of the docstring", doc.partition("\n")[0], entry.summary)


def _method(where: str, method: Function, code: Any, names: dict[str, Any]) -> Iterator[str]:
    yield from compare.differ(where, "classmethod", isinstance(code, classmethod), method.classmethod)
    function = code.__func__ if isinstance(code, classmethod) else code
    yield from compare.functions(where, method, function, names, skip=1)


def _class(entry: Class, code: type, names: dict[str, Any]) -> Iterator[str]:
    yield from _bases(entry, code, names)
    if "__init__" in vars(code) or entry.parameters:
        constructor = vars(code).get("__init__", object.__init__)
        hints = get_type_hints(constructor) if "__init__" in vars(code) else {}
        yield from compare.parameters(entry.name, entry.parameters, constructor, hints, names, skip=1)


def _bases(entry: Protocol | Class, code: type, names: dict[str, Any]) -> Iterator[str]:
    bases = [base.__name__ for base in code.__bases__ if _is_public(base, names)]
    yield from compare.differ(entry.name, "bases", bases, entry.bases)
    letter = "a" if entry.asynchronous else ""
    entered = hasattr(code, f"__{letter}enter__") and hasattr(code, f"__{letter}exit__")
    yield from compare.differ(entry.name, "context manager", entered, entry.context_manager)


def _is_public(base: type, names: dict[str, Any]) -> bool:
    if base in (object, names["Protocol"]):
        return False
    return names.get(base.__name__) is base or not any(part.startswith("_") for part in base.__module__.split("."))
