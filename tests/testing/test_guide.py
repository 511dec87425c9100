"""docs/guides/your-own-storage.md: its storages are proven as it says, by pytest."""

import re
import subprocess
import sys
from pathlib import Path

GUIDE = Path(__file__).parent.parent.parent / "docs" / "guides" / "your-own-storage.md"

# What a reader gets is five times as long.
SHORTER = """
from hypothesis import settings
settings.register_profile('short', max_examples=20)
settings.load_profile('short')
"""


def test_the_storages_of_the_guide_pass_the_kit(tmp_path: Path) -> None:
    """Each block that is complete, in a file of its own that pytest collects, passes."""
    blocks = re.findall(r"^```python\n(.*?)^```$", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    proofs = [block for block in blocks if "_machine(" in block]
    assert 3 == len(proofs)
    for number, block in enumerate(proofs):
        tmp_path.joinpath(f"test_{number}.py").write_text(block, "utf-8")
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
