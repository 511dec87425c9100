"""The guides: their examples run, and what they name and count is so."""

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import cross_auth
from cross_auth.storage.memory import MemoryStorage
from spec.__main__ import load
from spec.entries import laws
from tests.testing.test_guide import GUIDE as RUN_ELSEWHERE
from tests.watched import Watched

ROOT = Path(__file__).parent.parent
GUIDES = sorted(ROOT.glob("docs/guides/*.md"))
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOT_LAWS = {"min-replicas-max-lag", "min-replicas-to-write", "same-origin"}
# Level by number: all of OWASP ASVS 5.0 V7 and V3.3.
ASVS = {
    **dict.fromkeys(["7.2.1", "7.2.2", "7.2.3", "7.2.4", "7.4.1", "7.4.2", "3.3.1"], "L1"),
    **dict.fromkeys(["7.1.1", "7.1.2", "7.1.3", "7.3.1", "7.3.2", "7.4.3", "7.4.4", "7.4.5"], "L2"),
    **dict.fromkeys(["7.5.1", "7.5.2", "7.6.1", "7.6.2", "3.3.2", "3.3.3", "3.3.4"], "L2"),
    **dict.fromkeys(["7.5.3", "3.3.5"], "L3"),
}


def of_pages(pages: list[Path]) -> list[Any]:
    return [pytest.param(page, id=page.stem) for page in pages]


def anchors(text: str) -> list[str]:
    """Return what headings are called in links, as GitHub and others make it of their text."""
    headings = re.findall(r"^#+ (.+)$", BLOCK.sub("", text), re.MULTILINE)
    return [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]


def broken_links(page: Path, text: str) -> Iterator[str]:
    for link in re.findall(r"\]\(([^)\s]+)\)", BLOCK.sub("", text)):
        path, _, anchor = link.partition("#")
        target = page.parent / path
        if "://" in link:
            continue
        if not target.exists():
            yield f"{link}: no such file"
        elif anchor and anchor not in anchors(target.read_text("utf-8") if path else text):
            yield f"{link}: no such heading"


def hyphenated(text: str) -> set[str]:
    return set(re.findall(r"`([a-z0-9]+(?:-[a-z0-9]+)+)`", text))


def unknown_names(text: str) -> Iterator[str]:
    yield from (f"{name}: no such law" for name in hyphenated(text) - laws(load()).keys() - NOT_LAWS)
    paths = re.findall(r"(?<![\w./-])(?:tests|benchmarks|examples|src|spec)/[\w./-]*\w", text)
    yield from (f"{path}: no such file" for path in paths if not (ROOT / path).exists())
    modules = re.findall(r"python -m ((?:cross_auth|tests|benchmarks|spec)[\w.]*)", text)
    yield from (f"{module}: no such module" for module in modules if find_spec(module) is None)


@pytest.mark.parametrize("guide", of_pages([guide for guide in GUIDES if guide != RUN_ELSEWHERE]))
def test_the_examples_of_a_guide_run_as_one_file(guide: Path, tmp_path: Path) -> None:
    """A reader who pastes every Python block into one file sees it end without an error."""
    blocks = BLOCK.findall(guide.read_text("utf-8"))
    assert {"python"} <= {language for language, _ in blocks} <= {"python", "sql", "sh", "ini", "text"}
    tmp_path.joinpath("guide.py").write_text("\n".join(code for language, code in blocks if language == "python"))
    command = [sys.executable, "-W", "error", "guide.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stderr


@pytest.mark.parametrize("page", of_pages(PAGES))
def test_every_relative_link_leads_to_a_file_and_to_a_heading_in_it(page: Path) -> None:
    """No page has a link that leads nowhere."""
    assert [] == list(broken_links(page, page.read_text("utf-8")))


@pytest.mark.parametrize("page", of_pages(GUIDES))
def test_every_law_and_every_file_that_a_guide_names_is_there(page: Path) -> None:
    """What stands as proof of a claim exists."""
    assert [] == list(unknown_names(page.read_text("utf-8")))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[a](missing.md)", "missing.md: no such file"),
        ("# A `b`, c\n[a](#a-b-c) [b](#a-b)", "#a-b: no such heading"),
        ("[a](README.md#nowhere)", "README.md#nowhere: no such heading"),
        ("`law-that-is-none`", "law-that-is-none: no such law"),
        ("tests/test_nothing.py and `tests/races`", "tests/test_nothing.py: no such file"),
        ("`.venv/bin/python -m tests.nothing`", "tests.nothing: no such module"),
    ],
)
def test_what_is_not_there_is_found(text: str, found: str) -> None:
    """A page with one thing that is not there has one problem."""
    assert [found] == [*broken_links(ROOT / "page.md", text), *unknown_names(text)]


def test_what_looks_like_a_law_and_is_none_is_in_a_guide() -> None:
    """No name is excused that no guide has."""
    assert hyphenated("".join(guide.read_text("utf-8") for guide in GUIDES)) >= NOT_LAWS


def test_no_requirement_of_asvs_is_skipped() -> None:
    """Each requirement on sessions and on cookies stands in the guide once, with its level."""
    text = ROOT.joinpath("docs/guides/security.md").read_text("utf-8")
    found = re.findall(r"^[|*] ([37]\.\d\.\d) \((L\d)\) ", text, re.MULTILINE)
    assert sorted(ASVS.items()) == sorted(found)


def test_the_calls_that_a_guide_counts_are_those_that_are_made() -> None:
    """For one session without an idle limit each function calls the storage as the table says."""
    text = ROOT.joinpath("docs/guides/sign-out-everywhere.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (`[`\w, ]+`) \|$", text, re.MULTILINE)
    assert {name: calls.replace("`", "").split(", ") for name, calls in rows} == {
        name: _calls_of(name) for name, _ in rows
    }
    assert 7 == len(rows)


def _calls_of(name: str) -> list[str]:
    watched: Any = Watched(MemoryStorage())
    session_id, session = cross_auth.create_session("user", watched)
    if name != "create_session":
        watched.calls.clear()
        of_user = {"list_sessions": ("user",), "revoke_sessions": ("user",), "revoke_session": ("user", session.handle)}
        getattr(cross_auth, name)(*of_user.get(name, (session_id,)), watched)
    names: list[str] = watched.names
    return names
