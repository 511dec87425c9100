"""mypy and pyright object where the stubs, or the users of the API, are wrong."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from spec.__main__ import ROOT

CHECKERS = {
    "mypy": ["mypy", "--config-file", str(ROOT / "pyproject.toml"), "."],
    "pyright": ["pyright", "-p", "stubs.json"],
}


@pytest.fixture
def users(tmp_path: Path) -> Path:
    """Copy the typing tests and the stubs, side by side."""
    shutil.copytree(ROOT / "stubs", tmp_path / "stubs")
    shutil.copytree(ROOT / "tests" / "typing", tmp_path / "users")
    config = tmp_path / "users" / "stubs.json"
    settings = json.loads(config.read_text())
    del settings["venv"], settings["venvPath"]
    config.write_text(json.dumps({**settings, "stubPath": "../stubs", "extraPaths": ["../stubs"]}))
    return tmp_path / "users"


def run(checker: str, users: Path) -> tuple[int, str]:
    command = [sys.executable, "-m", *CHECKERS[checker]]
    environment = {
        "MYPYPATH": str(users.parent / "stubs"),
        "PATH": str(Path(sys.executable).parent),
        "HOME": str(users),
    }
    done = subprocess.run(command, cwd=users, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("checker", CHECKERS)
def test_a_damaged_stub_and_a_wrong_call_are_reported(users: Path, checker: str) -> None:
    """The users pass as they are; stubs of two functions that say less, and a wrong call, are an error each."""
    code, said = run(checker, users)
    assert 0 == code, said
    stub = users.parent / "stubs" / "cross_auth" / "__init__.pyi"
    stub.write_text(stub.read_text().replace("-> SessionData | None:", "-> SessionData:"))
    with (users / "foreign_storage.py").open("a") as file:
        file.write("\ndelete_session(7, Foreign())\n")
    code, said = run(checker, users)
    lines = [line for line in said.splitlines() if "error" in line and "foreign_storage.py" in line]
    assert 1 == code
    assert 3 == len(lines), said
