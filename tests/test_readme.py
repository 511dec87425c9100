"""The storage in the README passes the kit, as its reader is told."""

from pathlib import Path

import pytest

from tests.testing.test_guide import SHORTER

ROOT = Path(__file__).parent.parent

pytest_plugins = ["pytester"]


def test_the_storage_in_the_readme_passes_the_kit(pytester: pytest.Pytester) -> None:
    """The block is a test file as it stands, and all of it passes that is of its four methods."""
    blocks = ROOT.joinpath("README.md").read_text("utf-8").split("```python\n")[1:]
    (block,) = (block.partition("```")[0] for block in blocks if "StorageContract" in block)
    pytester.makeconftest(SHORTER)
    pytester.makepyfile(block)
    result = pytester.runpytest_subprocess("-q", "-W", "error")
    outcomes = result.parseoutcomes()
    assert outcomes["passed"] > 30
    assert {"passed", "skipped"} == set(outcomes)  # the tests of an index, which it has not
