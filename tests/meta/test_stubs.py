"""stubtest on damaged stubs; `make types` has it on the stubs as they are."""

import shutil
import subprocess
import sys
from pathlib import Path

from spec.__main__ import ROOT


def stubtest(stubs: Path) -> tuple[int, str]:
    command = [sys.executable, "-m", "mypy.stubtest", "cross_auth"]
    environment = {"MYPYPATH": str(stubs), "PATH": ""}
    done = subprocess.run(command, cwd=stubs, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


DAMAGES = [
    ("__init__", "def get_session(session_id: str,", "def get_session(sid: str,", "cross_auth.get_session"),
    ("__init__", "max_age: int = 86400,\n    *,", "max_age: int = 3600,\n    *,", "cross_auth.create_session"),
    (
        "__init__",
        "    def to_header(self) -> str: ...",
        "    def to_text(self) -> str: ...",
        "cross_auth.Cookie.to_text",
    ),
    ("__init__", "class StorageError(Exception):", "class StorageFault(Exception):", "cross_auth.StorageFault"),
    (
        "storage/memory",
        "def pop(self, key: str, /)",
        "def pop(self, key: str)",
        "cross_auth.storage.memory.MemoryStorage.pop",
    ),
    (
        "storage/sqlite",
        "timeout: float = 10.0",
        "timeout: float = 5.0",
        "cross_auth.storage.sqlite.SQLiteStorage.__init__",
    ),
]


def test_damaged_stubs_are_reported(tmp_path: Path) -> None:
    """Each stub that differs from the code in one word is named by stubtest."""
    stubs = tmp_path / "stubs"
    shutil.copytree(ROOT / "stubs", stubs)
    for name, found, wanted, _ in DAMAGES:
        path = stubs / "cross_auth" / f"{name}.pyi"
        text = path.read_text("utf-8")
        assert found in text
        path.write_text(text.replace(found, wanted, 1), "utf-8")
    code, said = stubtest(stubs)
    assert 1 == code
    reported = {line.split()[1] for line in said.splitlines() if line.startswith("error: ")}
    assert {message for *_, message in DAMAGES} <= reported
