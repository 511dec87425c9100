"""Make the site: pages of Markdown, then Zensical, whose warnings are errors, then a look at what came out."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from website import built, nav
from website.pages import pages

HERE = Path(__file__).parent


def build(root: Path, to: Path) -> list[str]:
    """Build the site of a repository as the folder `site` below another, and return what is wrong with it."""
    made = pages(root)
    settings = HERE.joinpath("zensical.toml").read_text("utf-8")
    if found := nav.problems(tomllib.loads(settings)["project"]["nav"], made):
        return found
    _write(made, root, to)
    command = [sys.executable, "-m", "zensical", "build", "--clean", "--strict", "-f", str(to / "zensical.toml")]
    if subprocess.run(command, check=False).returncode:  # noqa: S603 no part of it is from elsewhere
        return ["Zensical refuses the pages, as it says above"]
    return built.problems(to / "site")


def _write(made: dict[str, str], root: Path, to: Path) -> None:
    for name in ("pages", "site", "theme"):
        shutil.rmtree(to / name, ignore_errors=True)
    shutil.copytree(root / "docs" / "assets", to / "pages" / "assets")
    shutil.copytree(HERE / "theme", to / "theme")
    shutil.copy(HERE / "zensical.toml", to)
    for place, text in made.items():
        page = to / "pages" / place
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text, "utf-8")
