"""The Pythons of this machine, each in an environment that has the library, its clients and the servers' wheels."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from benchmarks.sections import Python

ROOT = Path(__file__).parent.parent
ENVIRONMENTS = ROOT / "build" / "bench"
MINORS = (11, 12, 13, 14)  # that the library supports
PROBE = "import ensurepip, sys, venv; print(sys.version_info.minor)"
# What the environments are made from; they are made anew when it changes.
MADE_FROM = ("constraints.txt", "pyproject.toml")


@cache
def present() -> dict[int, str]:
    """Return an interpreter for each minor version that is here, the oldest first."""
    found = {minor: path for minor in MINORS for path in reversed([*_candidates(minor)]) if _is(path, minor)}
    found[sys.version_info.minor] = sys.executable
    return dict(sorted(found.items()))


def _candidates(minor: int) -> Iterator[str]:
    on_path = shutil.which(f"python3.{minor}")
    if on_path:
        yield on_path
    yield from (str(path) for path in Path.home().glob(f".pyenv/versions/3.{minor}.*/bin/python3"))


def _is(path: str, minor: int) -> bool:
    done = subprocess.run([path, "-c", PROBE], capture_output=True, text=True, check=False)
    return done.returncode == 0 and done.stdout.strip() == str(minor)


def chosen(which: Python) -> str:
    """Return the interpreter for a section, ready to run it; the own one where another cannot be made ready."""
    minors = list(present())
    minor = {"newest": minors[-1], "oldest": minors[0], "own": sys.version_info.minor}[which]
    if minor == sys.version_info.minor:
        return sys.executable
    try:
        return str(_environment(present()[minor], ENVIRONMENTS / f"python3.{minor}"))
    except subprocess.CalledProcessError as error:
        print(f"Python 3.{minor} is left out: {error.stderr.strip().splitlines()[-1:]}", flush=True)
        return sys.executable


def _environment(python: str, folder: Path) -> Path:
    inside, stamp = folder / "bin" / "python", folder / "installed"
    wanted = "".join((ROOT / name).read_text("utf-8") for name in MADE_FROM)
    if not stamp.exists() or stamp.read_text("utf-8") != wanted:
        print(f"making {folder}", flush=True)
        _run(python, "-m", "venv", "--clear", str(folder))
        _install(inside, "--upgrade", "pip")
        _install(inside, "--editable", ".[mysql,postgres,redis,sqlalchemy]", "--group", "servers")
        stamp.write_text(wanted, "utf-8")
    return inside


def _install(python: Path, *wanted: str) -> None:
    quietly = ("--quiet", "--disable-pip-version-check", "--constraint", "constraints.txt")
    _run(str(python), "-m", "pip", "install", *quietly, *wanted)


def _run(*command: str) -> None:
    subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
