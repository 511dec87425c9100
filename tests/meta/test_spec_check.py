"""`python -m spec` on a copy of the project that is damaged in one place."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from spec.__main__ import ROOT


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Copy what the command reads."""
    for folder in ("src", "spec", "docs", "stubs", "tests"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def run(project: Path, *words: str) -> tuple[int, str]:
    """Run the command in a project, on that project's own code."""
    environment = {"PYTHONPATH": f"{project / 'src'}:{project}", "PATH": "", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "spec", *words]
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def change(path: Path, found: str, wanted: str) -> None:
    text = path.read_text("utf-8")
    assert found in text
    path.write_text(text.replace(found, wanted, 1), "utf-8")


def test_the_project_as_it_is_agrees(project: Path) -> None:
    """Nothing is reported of an undamaged copy, and rendering it again changes nothing."""
    before = {path: path.read_text("utf-8") for path in project.rglob("*") if path.suffix in {".md", ".pyi"}}
    assert (0, "") == run(project, "docs")
    assert (0, "") == run(project, "stubs")
    assert before == {path: path.read_text("utf-8") for path in before}
    code, said = run(project, "check")
    assert 0 == code, said
    assert "laws; code, docs, stubs and tests agree" in said


def test_a_damaged_spec_is_reported_though_docs_and_stubs_follow_it(project: Path) -> None:
    """A wrong default that is rendered into docs and stubs is still found, by place, found and wanted."""
    change(project / "spec/api/session-functions.toml", 'default = "86400"', 'default = "3600"')
    run(project, "docs")
    run(project, "stubs")
    code, said = run(project, "check")
    assert 1 == code
    assert "create_session(max_age): default: found (<class 'int'>, 86400), wanted (<class 'int'>, 3600)" in said
    assert "differs from the spec" not in said


@pytest.mark.parametrize("name", ["docs/api/cookies.md", "stubs/cross_auth/__init__.pyi"])
def test_a_generated_file_that_was_edited_is_reported_with_its_diff(project: Path, name: str) -> None:
    """An edit of a generated file prints the line that differs."""
    change(project / name, "max_age", "max_ages")
    code, said = run(project, "check")
    assert 1 == code
    assert f"{name}: differs from the spec; run make docs stubs" in said
    assert "\n-" in said


@pytest.mark.parametrize("name", ["docs/api/old.md", "stubs/cross_auth/old.pyi"])
def test_a_generated_file_of_no_page_is_reported_and_removed(project: Path, name: str) -> None:
    """What no page makes is stale: check says so, docs and stubs take it away."""
    project.joinpath(name).write_text("old\n")
    assert f"{name}: differs from the spec" in run(project, "check")[1]
    run(project, "docs")
    run(project, "stubs")
    assert not project.joinpath(name).exists()


def test_a_public_name_in_no_page_is_reported(project: Path) -> None:
    """A name in __all__, and a public function that is not even there, has to be in a page."""
    with (project / "src/cross_auth/storage/memory.py").open("a") as module:
        module.write('\n\ndef forget_all() -> None: ...\n\n\n__all__ += ["_Entry"]\n')
    code, said = run(project, "check")
    assert 1 == code
    assert "cross_auth.storage.memory.forget_all: public, and in no page" in said
    assert "cross_auth.storage.memory._Entry: public, and in no page" in said


def test_a_public_method_in_no_page_is_reported(project: Path) -> None:
    """A method that the spec does not have is found."""
    change(
        project / "src/cross_auth/_cookies.py",
        "    def to_dict(",
        "    def to_json(self) -> None: ...\n\n    def to_dict(",
    )
    assert "Cookie: methods: found ['to_dict', 'to_header', 'to_json']" in run(project, "check")[1]


@pytest.mark.parametrize(
    ("module", "found", "wanted", "message"),
    [
        (
            "_protocols",
            "    @abstractmethod\n    def set",
            "    name: str\n\n    @abstractmethod\n    def set",
            "['name']",
        ),
        ("_models", "    path: CookiePath", "    colour: ClassVar[str] = 'blue'\n    path: CookiePath", "['colour']"),
        (
            "_models",
            "    handle: str | None = None",
            "    handle: str | None = Field(None, exclude=True)",
            "['exclude']",
        ),
        ("_models", "    handle: str | None = None", "    handle: str | None = Field(None, alias='h')", "['alias'"),
        ("_models", "ge=1, le=", "ge=1, multiple_of=60, le=", "multipleOf"),
        (
            "_models",
            'strict=True, extra="forbid"',
            'strict=True, extra="forbid", validate_default=True',
            "['validate_default']",
        ),
    ],
)
def test_a_fact_that_the_spec_does_not_tell_is_reported(
    project: Path, module: str, found: str, wanted: str, message: str
) -> None:
    """An attribute, a hidden or renamed field, a limit and a setting that only the code has are found."""
    path = project / f"src/cross_auth/{module}.py"
    change(path, found, wanted)
    change(path, "from typing import ", "from typing import ClassVar, ")
    code, said = run(project, "check")
    assert 1 == code
    assert message in said
    assert "Traceback" not in said


def test_a_law_that_is_named_through_its_module_is_found(project: Path) -> None:
    """The mark is known by its name, however it was imported."""
    with (project / "tests/test_cookies.py").open("a") as file:
        file.write('\n\n@_laws.law("no-such-law")\ndef test_nothing() -> None: ...\n')
    assert "marked with 'no-such-law', which is no law" in run(project, "check")[1]


def test_code_that_changed_is_reported(project: Path) -> None:
    """A parameter with another name in the code is found, as it is in the spec."""
    change(project / "src/cross_auth/_sessions.py", "def delete_session(session_id: str", "def delete_session(sid: str")
    assert "delete_session: parameters: found ['sid', 'storage']" in run(project, "check")[1]


def test_a_law_without_a_test_is_reported(project: Path) -> None:
    """A promise that no test is marked with is found."""
    change(project / "spec/api/cookies.toml", 'id = "cookie-fits"', 'id = "cookie-fits-well"')
    code, said = run(project, "check")
    assert 1 == code
    assert "law cookie-fits-well: no test is marked with it" in said


def test_a_test_for_an_unknown_law_is_reported(project: Path) -> None:
    """A mark that names no law is found, with its place."""
    change(project / "tests/test_cookies.py", '@law("cookie-fits")', '@law("cookie-shrinks")')
    code, said = run(project, "check")
    assert 1 == code
    assert "tests/test_cookies.py:" in said
    assert "marked with 'cookie-shrinks', which is no law" in said


@pytest.mark.parametrize(
    ("found", "wanted", "message"),
    [
        ("order = 4", "ordre = 4", "ordre"),
        ('summary = "Return the value', 'summary = "Return the value" # "', "summary"),
        ("order = 4", "order = 5", "page order 5: stands more than once"),
        ('id = "cookie-fits"', 'id = "cookie-host-prefix"', "law cookie-host-prefix: stands more than once"),
        ('title = "Cookies"', 'title = "Cookies', "spec/api"),
    ],
)
def test_untidy_data_is_reported(project: Path, found: str, wanted: str, message: str) -> None:
    """A misspelt key, half a sentence, a repeated order or law, and broken TOML are errors without a trace."""
    change(project / "spec/api/cookies.toml", found, wanted)
    code, said = run(project, "check")
    assert 1 == code
    assert message in said
    assert "Traceback" not in said


def test_an_unknown_word_prints_the_usage(project: Path) -> None:
    """Anything but docs, stubs and check is answered with how to call it."""
    assert (2, "usage: python -m spec docs | stubs | check\n") == run(project, "doc")
