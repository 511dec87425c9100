"""Every Python block of the README and the guides runs as a test."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

from cross_auth.testing import _callers


@pytest.fixture(scope="module")
def in_an_empty_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let the examples write their files where they are in nobody's way, and race for a moment only."""
    with contextlib.chdir(tmp_path_factory.mktemp("docs")), patch.object(_callers, "BUDGET", 0.05):
        yield


pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser()],
    patterns=["README.md", "docs/guides/*.md"],
    path=str(Path(__file__).parent),
    fixtures=["in_an_empty_folder"],
).pytest()
