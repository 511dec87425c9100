"""The site, built once, and a copy of the repository whose docs a test may damage."""

import shutil
from pathlib import Path

import pytest

from tests.site.served import ROOT
from website.build import build


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    assert [] == build(ROOT, folder)
    return folder / "site"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    copy = tmp_path / "repository"
    copy.mkdir()
    for path in ROOT.iterdir():
        if path.name not in {"docs", "build"}:
            copy.joinpath(path.name).symlink_to(path)
    shutil.copytree(ROOT / "docs", copy / "docs")
    return copy
