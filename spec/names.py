"""Where the names in ``type`` and ``default`` cells come from."""

import ast
from collections.abc import Iterable, Mapping
from importlib import import_module
from types import ModuleType

from spec.entries import entries, label
from spec.model import Page

ORIGINS = {
    "Any": "typing",
    "AsyncConnectionPool": "psycopg_pool",
    "AsyncEngine": "sqlalchemy.ext.asyncio",
    "Awaitable": "collections.abc",
    "BaseModel": "pydantic",
    "Callable": "collections.abc",
    "Collection": "collections.abc",
    "ConnectionPool": "psycopg_pool",
    "Engine": "sqlalchemy",
    "Literal": "typing",
    "Mapping": "collections.abc",
    "MetaData": "sqlalchemy",
    "PathLike": "os",
    "Protocol": "typing",
    "Self": "typing",
    "TestCase": "unittest",
    "TracebackType": "types",
    "abstractmethod": "abc",
    "datetime": "datetime",
    "overload": "typing",
}


def origins(spec: list[Page]) -> dict[str, str]:
    """Return the module of every name that a cell may use beside the built-in ones."""
    return ORIGINS | {label(entry): entry.module for entry in entries(spec)}


def used(sources: Iterable[str]) -> set[str]:
    """Return the names in some Python source texts."""
    trees = (ast.walk(ast.parse(source, mode="eval")) for source in sources)
    return {node.id for nodes in trees for node in nodes if isinstance(node, ast.Name)}


def namespace(spec: list[Page], modules: Mapping[str, ModuleType]) -> dict[str, object]:
    """Return what the cells are evaluated in: the standard names, and those of the code under test."""
    standard = {name: getattr(import_module(module), name) for name, module in ORIGINS.items()}
    public = [(label(entry), modules[entry.module]) for entry in entries(spec) if entry.module in modules]
    return standard | {name: getattr(module, name) for name, module in public if hasattr(module, name)}
