"""docs/guides/your-own-storage.md: its storages are proven as it says, by pytest."""

import re
import subprocess
import sys
from pathlib import Path

GUIDE = Path(__file__).parent.parent.parent / "docs" / "guides" / "your-own-storage.md"

# What a reader gets has five times the examples and the time for races, and waits where the clock is moved here.
SHORTER = """
import pytest
from cross_auth.testing import AsyncStorageContract, FakeClock, StorageContract, _callers
from hypothesis import settings

settings.register_profile('short', max_examples=20)
settings.load_profile('short')
_callers.BUDGET /= 5

@pytest.fixture(autouse=True)
def move_the_clock(request, monkeypatch):
    if not issubclass(request.cls, StorageContract | AsyncStorageContract):
        yield
        return
    with FakeClock() as clock:
        monkeypatch.setattr(request.cls, "advance", lambda self, storage, seconds: clock.advance(seconds))
        yield
"""


def test_the_storages_of_the_guide_pass_the_kit(tmp_path: Path) -> None:
    """Each block that is complete, in a file of its own that pytest collects, passes.

    One that imports nothing goes on with the one before.
    """
    blocks = re.findall(r"^```python\n(.*?)^```$", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    proofs = [block for block in blocks if "_machine(" in block]
    assert 4 == len(proofs)
    for block in proofs:
        number = len([*tmp_path.iterdir()]) - ("import " not in block)
        with tmp_path.joinpath(f"test_{number}.py").open("a", encoding="utf-8") as file:
            file.write(block)
    tmp_path.joinpath("conftest.py").write_text(SHORTER, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == done.returncode, done.stdout
    assert "TestFolderStorage" not in done.stdout
