"""Files of a repository become pages that lead to one another."""

from pathlib import Path

import pytest

from website.dialect import translate
from website.pages import pages


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    files = {
        "docs/index.md": "# Start\n",
        "docs/assets/a.svg": "<svg/>",
        "docs/api/b.md": '---\ntitle: B\ndescription: "Second: b."\norder: 2\nsection: X\n---\n',
        "docs/api/c.md": "---\ntitle: C\ndescription: First.\norder: 1\nsection: X\n---\n",
        "SECURITY.md": "# Security\n\nSee [`docs/api`](docs/api) for *all*.\n",
        "src/a.py": 'A = """\n```\n[a](b)\n```\n"""\n',
        "src/more/README.md": "# More\n\n[one](one.toml)\n",
        "src/more/one.toml": "a = 1\n",
        "src/key.bin": "",
    }
    for name, text in files.items():
        tmp_path.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        tmp_path.joinpath(name).write_text(text, "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("link", "wanted"),
    [
        ("../../SECURITY.md#reporting", "../about/security.md#reporting"),
        ("../../src/a.py", "../src/a.py.md"),
        ("../../src/more", "../src/more/index.md"),
        ("../api", "../api/index.md"),
        ("../api/b.md#x", "../api/b.md#x"),
        ("../assets/a.svg", "../assets/a.svg"),
        ("#here", "#here"),
        ("https://example.com/SECURITY.md", "https://example.com/SECURITY.md"),
        ("missing.md", "missing.md"),
        ("../../src/key.bin", "../../src/key.bin"),
        ("../..", "../.."),
        ("../../../repository", "../../../repository"),
        ("/etc/hostname", "/etc/hostname"),
    ],
)
def test_a_link_leads_to_where_the_site_has_the_file(link: str, wanted: str, tree: Path) -> None:
    """Files of the repository are linked as pages; what is none of them stays as it is."""
    tree.joinpath("docs/guides").mkdir()
    tree.joinpath("docs/guides/g.md").write_text(f"# G\n\n[a]({link})\n", "utf-8")
    assert f"[a]({wanted})" in pages(tree)["guides/g.md"]


def test_what_is_linked_becomes_a_page_and_what_that_links_to_as_well(tree: Path) -> None:
    """A link to a folder brings its page, whose links bring the files."""
    tree.joinpath("docs/index.md").write_text("[more](../src/more)", "utf-8")
    assert {"src/more/index.md", "src/more/one.toml.md"} <= pages(tree).keys()


def test_a_page_of_code_shows_the_file_and_nothing_else(tree: Path) -> None:
    """Ticks and links in the code are code."""
    tree.joinpath("docs/index.md").write_text("[a](../src/a.py)", "utf-8")
    page = pages(tree)["src/a.py.md"]
    assert page.endswith('```` python\nA = """\n```\n[a](b)\n```\n"""\n````\n')


def test_a_folder_lists_its_pages_by_their_order(tree: Path) -> None:
    """The page of the reference names what is in it, with its description."""
    assert (
        pages(tree)["api/index.md"].partition("# ")[2] == "Reference\n\n* [C](c.md): First.\n* [B](b.md): Second: b.\n"
    )


def test_a_page_is_described_by_its_first_sentence(tree: Path) -> None:
    """Where a page has no front matter, its first line of text is its description, in plain words."""
    assert pages(tree)["about/security.md"].startswith('---\ndescription: "See docs/api for all."\n---\n')


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("| `int \\| None` | a \\| b |", "| `int | None` | a \\| b |"),
        ("| ``a`\\|b`` | c \\| [d](e) |", "| ``a`|b`` | c \\| [d](E) |"),
        ("In `a \\| b`", "In `a \\| b`"),
        ("[`a`](x.md) `[a](x.md)`", "[`a`](X.MD) `[a](x.md)`"),
        ("```\n[a](x)\n```\n[a](x)", "```\n[a](x)\n```\n[a](X)"),
        ("````\n```\n[a](x)\n````\n[a](x)", "````\n```\n[a](x)\n````\n[a](X)"),
    ],
)
def test_code_stays_and_a_pipe_in_a_cell_is_a_pipe(text: str, wanted: str) -> None:
    """Links are followed outside of code, and the backslash that a table needs elsewhere is gone."""
    assert wanted == translate(text, str.upper)
