"""``python -m spec docs | stubs | check``: the only module here that touches the disk."""

import sys
import tomllib
from collections.abc import Iterator
from difflib import unified_diff
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType

from pydantic import ValidationError

import cross_auth
from spec import conform, laws, markdown, pyi
from spec.entries import laws as laws_of
from spec.examples import examples
from spec.model import Page, parse

ROOT = Path(__file__).parent.parent


def load(folder: Path = ROOT / "spec" / "api") -> list[Page]:
    """Return the pages in their order."""
    files = sorted(folder.glob("*.toml"))
    pages = parse([{"slug": file.stem, **tomllib.loads(file.read_text("utf-8"))} for file in files])
    return sorted(pages, key=lambda page: page.order)


def modules() -> dict[str, ModuleType]:
    """Return every public module of the package."""
    found = [each.name for each in walk_packages(cross_auth.__path__, "cross_auth.")]
    public = [name for name in found if not any(part.startswith("_") for part in name.split("."))]
    return {name: import_module(name) for name in ["cross_auth", *public]}


def docs(spec: list[Page]) -> dict[Path, str]:
    return {ROOT / "docs" / "api" / f"{page.slug}.md": markdown.render(page) for page in spec}


def stubs(spec: list[Page]) -> dict[Path, str]:
    packages = {name.rpartition(".")[0] for name in modules()} | {
        name for name, module in modules().items() if hasattr(module, "__path__")
    }
    paths = {}
    run_only = {"cross_auth.__main__": pyi.HEAD}  # stubtest asks for it
    for name, text in {**pyi.render(spec), **run_only}.items():
        parts = name.split(".")
        file = [*parts, "__init__.pyi"] if name in packages else [*parts[:-1], f"{parts[-1]}.pyi"]
        paths[ROOT.joinpath("stubs", *file)] = text
    return paths


def write(files: dict[Path, str], folder: Path, suffix: str) -> None:
    for stale in {*folder.rglob(f"*{suffix}")} - {*files}:
        stale.unlink()
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def stale(files: dict[Path, str], folder: Path, suffix: str) -> Iterator[str]:
    for path in sorted({*folder.rglob(f"*{suffix}")} | {*files}):
        found = path.read_text("utf-8") if path.exists() else ""
        wanted = files.get(path, "")
        if found != wanted:
            name = str(path.relative_to(ROOT))
            lines = unified_diff(
                found.splitlines(), wanted.splitlines(), f"{name} as it is", f"{name} from the spec", "", "", 1, ""
            )
            yield f"{name}: differs from the spec; run make docs stubs\n" + "\n".join(lines)


def sources_of_tests() -> dict[str, str]:
    files = [*ROOT.joinpath("tests").rglob("*.py"), *ROOT.joinpath("src/cross_auth/testing").rglob("*.py")]
    return {str(file.relative_to(ROOT)): file.read_text("utf-8") for file in sorted(files)}


def check(spec: list[Page]) -> list[str]:
    with examples() as names:
        found = list(conform.problems(spec, modules(), names))
    found += laws.problems(laws_of(spec), laws.marks(sources_of_tests()))
    found += stale(docs(spec), ROOT / "docs" / "api", ".md")
    found += stale(stubs(spec), ROOT / "stubs", ".pyi")
    return found


def main(arguments: list[str]) -> int:
    try:
        spec = load()
    except (ValidationError, tomllib.TOMLDecodeError) as error:
        print(f"spec/api: {error}", file=sys.stderr)
        return 1
    match arguments:
        case ["docs"]:
            write(docs(spec), ROOT / "docs" / "api", ".md")
        case ["stubs"]:
            write(stubs(spec), ROOT / "stubs", ".pyi")
        case ["check"]:
            found = check(spec)
            print("\n".join(found) or f"spec: {len(laws_of(spec))} laws; code, docs, stubs and tests agree")
            return 1 if found else 0
        case _:
            print("usage: python -m spec docs | stubs | check", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
