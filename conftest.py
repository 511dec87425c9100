"""Every Python block of the README and the guides runs as a test."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser


@pytest.fixture(scope="module")
def in_an_empty_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let the examples write their files where they are in nobody's way."""
    with contextlib.chdir(tmp_path_factory.mktemp("docs")):
        yield


pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser()],
    patterns=["README.md", "docs/guides/*.md"],
    path=str(Path(__file__).parent),
    fixtures=["in_an_empty_folder"],
).pytest()
