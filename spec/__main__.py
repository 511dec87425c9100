"""``python -m spec docs | stubs | check``: the only module here that touches the disk."""

import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from difflib import unified_diff
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType
from unittest.mock import patch

from psycopg_pool import ConnectionPool
from pydantic import ValidationError
from sqlalchemy import create_engine

import cross_auth
from cross_auth.storage import ClosableStorage, open_storage
from cross_auth.storage.memory import MemoryStorage
from cross_auth.storage.postgres import PostgresStorage
from cross_auth.storage.redis import RedisStorage
from cross_auth.storage.sqlalchemy import SQLAlchemyStorage
from cross_auth.storage.sqlite import SQLiteStorage
from cross_auth.testing import FakeClock
from spec import conform, laws, markdown, pyi
from spec.model import Page, parse
from spec.model import laws as laws_of

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


@contextmanager
def examples() -> Iterator[dict[str, object]]:
    """Provide what the examples in ``raises`` tables may use."""
    with (
        tempfile.TemporaryDirectory() as folder,
        SQLiteStorage(Path(folder, "open.db")) as sqlite_storage,
        SQLAlchemyStorage.from_url(f"sqlite:///{folder}/empty.db") as sqlalchemy_storage_without_a_table,
        FakeClock() as running_clock,
    ):
        closed = SQLiteStorage(Path(folder, "closed.db"))
        closed.close()
        yield {
            "storage": MemoryStorage(),
            "engine_in_memory": create_engine("sqlite://"),
            "open_storage_without_redis": _open_storage_without_redis,
            "postgres_storage_that_is_down": PostgresStorage(ConnectionPool("host=/nowhere", open=False)),
            "sqlalchemy_storage_without_a_table": sqlalchemy_storage_without_a_table,
            "sqlite_storage": sqlite_storage,
            "closed_storage": closed,
            "redis_storage_that_is_down": RedisStorage.from_url("unix:///nowhere/redis.sock"),
            "running_clock": running_clock,
            "naive": datetime(2026, 1, 1),  # noqa: DTZ001  what is to be refused
        }


def _open_storage_without_redis() -> ClosableStorage:
    hidden = {name: None for name in sys.modules if name.partition(".")[0] == "redis" or name.endswith("storage.redis")}
    with patch.dict(sys.modules, hidden):
        return open_storage("redis://localhost")


def docs(spec: list[Page]) -> dict[Path, str]:
    return {ROOT / "docs" / "api" / f"{page.slug}.md": markdown.render(page) for page in spec}


def stubs(spec: list[Page]) -> dict[Path, str]:
    packages = {name.rpartition(".")[0] for name in modules()} | {
        name for name, module in modules().items() if hasattr(module, "__path__")
    }
    paths = {}
    for name, text in pyi.render(spec).items():
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
        found = conform.problems(spec, modules(), names)
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
