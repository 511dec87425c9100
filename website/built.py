"""What is wrong with the site that was built."""

import posixpath
import re
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote, urlsplit

from website.markup import Page

_REGISTRIES = {"npmjs", "pypi", "pythonhosted"}


def problems(site: Path) -> list[str]:
    """Return links that lead nowhere, what is loaded from elsewhere, and Markdown that was taken for text."""
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    pages = {name: Page(site.joinpath(name).read_text("utf-8")) for name in files if name.endswith(".html")}
    found = [f"{name}: {problem}" for name in pages for problem in _of_page(name, pages, files)]
    sheets = {name: site.joinpath(name).read_text("utf-8") for name in files if name.endswith(".css")}
    return sorted(found + [f"{name}: {problem}" for name, text in sheets.items() for problem in _of_sheet(text)])


def _of_page(name: str, pages: dict[str, Page], files: set[str]) -> Iterator[str]:
    page = pages[name]
    yield from (f"{text!r} needs an empty line before it" for text in page.lost)
    for url in page.loaded:
        if not url.startswith("data:"):
            yield from _of_file(url, _target(name, url), files)
    for url in page.links:
        if urlsplit(url).scheme or urlsplit(url).netloc:
            yield from _of_address(url)
            continue
        target, anchor = _target(name, url), unquote(urlsplit(url).fragment)
        yield from _of_file(url, target, files)
        if anchor and target in pages and anchor not in pages[target].anchors:
            yield f"{url}: no such anchor"


def _target(name: str, url: str) -> str:
    """Return the file that a static server answers with."""
    path = unquote(urlsplit(url).path)
    target = posixpath.normpath(posixpath.join("/", posixpath.dirname(name), path)).lstrip("/") if path else name
    return posixpath.join(target, "index.html") if path.endswith(("/", ".")) or path == ".." else target


def _of_file(url: str, target: str, files: set[str]) -> Iterator[str]:
    if urlsplit(url).scheme or urlsplit(url).netloc:
        yield f"{url} is loaded from elsewhere"
    elif target not in files:
        yield f"{url}: no such file"


def _of_address(url: str) -> Iterator[str]:
    """Look at the form alone, so that the site is built the same without a network."""
    host = urlsplit(url).hostname or ""
    if urlsplit(url).scheme != "https":
        yield f"{url}: not https"
    elif "." not in host or host.endswith(".localhost") or _is_ip(host):
        yield f"{url}: no public host"
    elif _REGISTRIES & set(host.split(".")):
        yield f"{url}: a package registry"


def _is_ip(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def _of_sheet(text: str) -> Iterator[str]:
    for url in re.findall(r"(?:@import|url\()\s*[\"']?((?:https?:)?//[^\"')]+)", text):
        yield f"{url} is loaded from elsewhere"
