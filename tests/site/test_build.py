"""The site has every page, and is not built where one of them is damaged."""

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from spec.__main__ import load
from tests.site.served import ROOT
from website.build import build
from website.markup import Page
from website.nav import entries, problems

NAV = tomllib.loads(ROOT.joinpath("website/zensical.toml").read_text("utf-8"))["project"]["nav"]
DOCS = sorted(page.relative_to(ROOT / "docs").with_suffix("").as_posix() for page in ROOT.glob("docs/*/*.md"))


@pytest.mark.parametrize("page", DOCS)
def test_every_page_of_docs_is_on_the_site_and_in_its_navigation(page: str, site: Path) -> None:
    """A guide or a page of the reference is there, and a page that links to none in its text leads to it."""
    assert site.joinpath(page, "index.html").is_file()
    navigation = Page(site.joinpath("404.html").read_text("utf-8")).links
    assert f"/{page}/" in navigation


def test_the_reference_stands_in_the_order_of_the_spec() -> None:
    """The order of the navigation is that of the front matter."""
    wanted = [f"api/{page.slug}.md" for page in sorted(load(), key=lambda page: page.order)]
    assert wanted == [place for place in entries(NAV) if place.startswith("api/") and place != "api/index.md"]


def test_every_page_has_a_title_and_a_description_of_its_own(site: Path) -> None:
    """No two pages look the same in a list of results."""
    pages = [page.read_text("utf-8") for page in site.rglob("index.html")]
    heads = [re.findall(r'<title>(.+)</title>|<meta name="description" content="(.+)">', page) for page in pages]
    assert {2} == {len(head) for head in heads}
    for part in (0, 1):
        found = [text for head in heads for text in [pair[part] for pair in head] if text]
        assert sorted(set(found)) == sorted(found)


def test_the_example_of_the_landing_page_is_that_of_the_readme() -> None:
    """Who reads one has read the other."""
    first = [ROOT.joinpath(page).read_text("utf-8").split("```python\n")[1] for page in ("README.md", "docs/index.md")]
    readme, landing = (text.partition("```")[0] for text in first)
    assert readme == landing


@pytest.mark.parametrize("words", ["create_session", "revoke_sessions", "idle"])
def test_the_index_of_the_search_has(words: str, site: Path) -> None:
    """What a reader looks for first is in the index that the browser searches."""
    assert words in site.joinpath("search.json").read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[a](../../examples/missing.py)", "../../../examples/missing.py: no such file"),
        ("![a](https://example.com/a.png)", "https://example.com/a.png is loaded from elsewhere"),
        ("A list:\n* one", "'* one' needs an empty line before it"),
    ],
)
def test_a_damaged_page_is_a_problem(text: str, found: str, repository: Path, tmp_path: Path) -> None:
    """What leads nowhere, comes from elsewhere or is read differently elsewhere is found in the site that was built."""
    append(text, repository)
    assert [f"guides/security/index.html: {found}"] == build(repository, tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[a](missing.md)", "page does not exist"),
        ("[a](sign-out-everywhere.md#no-such-heading)", "anchor does not exist"),
        ("[a](#no-such-heading)", "anchor does not exist"),
        ('<a href="#no-such-heading">a</a>', "anchor does not exist"),
    ],
)
def test_zensical_refuses_a_broken_link(
    text: str, said: str, repository: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A link to a page or to a heading that is not there is named with its file and line, and nothing is built."""
    append(text, repository)
    assert ["Zensical refuses the pages, as it says above"] == build(repository, tmp_path)
    printed = "".join(capfd.readouterr())
    assert said in printed
    assert "1 issue found" in printed


def test_a_heading_has_the_anchor_that_a_repository_browser_gives_it(repository: Path, tmp_path: Path) -> None:
    """One link with an anchor is right in both places."""
    append("## One & two_three()\n\n[a](#one--two_three)", repository)
    assert [] == build(repository, tmp_path)


def append(text: str, repository: Path) -> None:
    with repository.joinpath("docs/guides/security.md").open("a", encoding="utf-8") as page:
        page.write(f"\n{text}\n")


def test_a_guide_that_is_not_in_the_navigation_is_a_problem(repository: Path, tmp_path: Path) -> None:
    """Who adds a guide is told where to list it, and who removes one as well."""
    shutil.move(repository / "docs/guides/security.md", repository / "docs/guides/safety.md")
    assert [
        "zensical.toml: guides/safety.md is not in nav",
        "zensical.toml: guides/security.md is in nav and no page",
    ] == build(repository, tmp_path)


def test_a_page_that_is_in_the_navigation_twice_is_a_problem() -> None:
    """Readers find every page in one place."""
    assert ["zensical.toml: index.md is in nav twice"] == problems(["index.md", {"Start": ["index.md"]}], ["index.md"])
