"""What is wrong with a built site is found."""

from pathlib import Path

import pytest

from website.built import problems

GOOD = '<p>See <code>* a</code>.<a href="b/#x">b</a><a href="https://example.com/">c</a>'
OTHER = '<p id="x"><a href="..">up</a><a href="../#top">up</a><a href="/b/">b</a><img src="data:image/png;base64,">'


def found(tmp_path: Path, html: str = GOOD, css: str = "") -> list[str]:
    tmp_path.joinpath("b").mkdir()
    tmp_path.joinpath("b/index.html").write_text(OTHER, "utf-8")
    tmp_path.joinpath("index.html").write_text(f"<h1 id=top>A</h1>{html}", "utf-8")
    tmp_path.joinpath("a.css").write_text(css, "utf-8")
    return problems(tmp_path)


def test_a_good_site_has_no_problem(tmp_path: Path) -> None:
    """Links up, down, from the root, to anchors and to other sites are no problem."""
    assert [] == found(tmp_path)


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        ('<a href="c/">', "c/: no such file"),
        ('<a href="b/c.txt">', "b/c.txt: no such file"),
        ('<a href="b/#y">', "b/#y: no such anchor"),
        ('<a href="#y">', "#y: no such anchor"),
        ('<a href="">', None),
        ('<a href="http://example.com/">', "http://example.com/: not https"),
        ('<a href="//example.com/">', "//example.com/: not https"),
        ('<a href="javascript:alert(1)">', "javascript:alert(1): not https"),
        ('<a href="https://localhost/">', "https://localhost/: no public host"),
        ('<a href="https://127.0.0.1/">', "https://127.0.0.1/: no public host"),
        ('<a href="https://pypi.example/x">', "https://pypi.example/x: a package registry"),
        ('<script src="https://example.com/a.js">', "https://example.com/a.js is loaded from elsewhere"),
        ('<script src="//example.com/a.js">', "//example.com/a.js is loaded from elsewhere"),
        ('<link href="https://example.com/a.css">', "https://example.com/a.css is loaded from elsewhere"),
        ('<img src="missing.png">', "missing.png: no such file"),
        ("<p>A list:\n* one</p>", "'* one' needs an empty line before it"),
        ("<p>A table:\n| a |</p>", "'| a |' needs an empty line before it"),
    ],
)
def test_a_damaged_page_has_one_problem(html: str, problem: str | None, tmp_path: Path) -> None:
    """Each damage is named, with its page and its address."""
    assert [f"index.html: {problem}"] * (problem is not None) == found(tmp_path, html)


@pytest.mark.parametrize(
    ("css", "address"),
    [
        ("@import 'https://example.com/a.css';", "https://example.com/a.css"),
        ("a { b: url(//example.com/a) }", "//example.com/a"),
        ('a { b: url("http://example.com/a") }', "http://example.com/a"),
    ],
)
def test_a_style_sheet_that_loads_from_elsewhere_is_a_problem(css: str, address: str, tmp_path: Path) -> None:
    """A font or a picture of another host is found in the style sheets."""
    assert [f"a.css: {address} is loaded from elsewhere"] == found(tmp_path, css=css)
