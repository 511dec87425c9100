"""The laws of the spec against the tests that are marked with them."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Mapping


def marks(sources: Mapping[str, str]) -> dict[str, list[str]]:
    """Return where each law is marked, by ``@law("id")`` on a test function or class, in some source files."""
    found: dict[str, list[str]] = defaultdict(list)
    for path, source in sources.items():
        if "law(" not in source:  # most files: to parse them all takes longer than all else
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                for law in _laws(node.decorator_list):
                    found[law].append(f"{path}:{node.lineno} {node.name}")
    return dict(found)


def _laws(decorators: list[ast.expr]) -> list[str]:
    calls = [each for each in decorators if isinstance(each, ast.Call)]
    named = [call for call in calls if _name(call.func) == "law"]
    return [ast.literal_eval(argument) for call in named for argument in call.args]


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def problems(laws: Iterable[str], marked: Mapping[str, list[str]]) -> list[str]:
    known = set(laws)
    untested = [f"law {law}: no test is marked with it" for law in sorted(known - set(marked))]
    unknown = [
        f"{place}: marked with {law!r}, which is no law" for law in sorted(set(marked) - known) for place in marked[law]
    ]
    return untested + unknown
