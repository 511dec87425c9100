"""The recipes as files and as programs."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from subprocess import DEVNULL

import pytest

from tests.examples.sites import ALICE, Device
from tests.servers.ports import free_port, wait_until

ROOT = Path(__file__).parents[2]
RECIPES = sorted(ROOT.glob("examples/*_app.py"))
ROUTES = {"/", "/login", "/logout", "/unlock", "/devices", "/devices/sign-out", "/devices/sign-out-others"}
each_recipe = pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.stem)


def test_there_are_five() -> None:
    """Every framework that the guide names has its recipe."""
    assert ["django", "fastapi", "flask", "litestar", "starlette"] == [
        path.stem.removesuffix("_app") for path in RECIPES
    ]


@each_recipe
def test_a_recipe_is_short(recipe: Path) -> None:
    """Without blank lines and comments a recipe has fewer than a hundred lines."""
    lines = [line.strip() for line in recipe.read_text("utf-8").splitlines()]
    assert len([line for line in lines if line and not line.startswith("#")]) < 100


@each_recipe
def test_a_recipe_has_the_routes_of_the_site(recipe: Path) -> None:
    """The recipes are one site: each has these paths and no other."""
    paths = re.findall(
        r'^(?:@\w*\.?|    )(?:get|post|path|Route)\("([\w/-]*)"', recipe.read_text("utf-8"), re.MULTILINE
    )
    assert sorted(ROUTES) == sorted("/" + path.removeprefix("/") for path in paths)


@contextmanager
def running(recipe: Path, sessions: Path) -> Iterator[Device]:
    """Run a recipe as its reader does, and yield a device that can reach it."""
    port = free_port()
    environment = {**os.environ, "PORT": str(port), "STORAGE": f"sqlite:///{sessions}"}
    command = [sys.executable, "-m", f"examples.{recipe.stem}"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=DEVNULL, stderr=DEVNULL) as program:
        try:
            with Device(f"http://127.0.0.1:{port}") as device:
                wait_until(partial(device.get, "/"))
                yield device
        finally:
            program.terminate()


@each_recipe
def test_a_recipe_is_a_program_whose_sessions_outlive_it(recipe: Path, tmp_path: Path) -> None:
    """A session that was made before a restart is live after it."""
    with running(recipe, tmp_path / "sessions.db") as device:
        device.post("/login", data=ALICE)
        session_id = device.session_id
    with running(recipe, tmp_path / "sessions.db") as device:
        assert "Hello, alice" in device.get("/", headers={"Cookie": f"session_id={session_id}"}).text
