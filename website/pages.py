"""The pages of the site: files and folders of the repository as Markdown, whose links lead to one another."""

import json
import posixpath
import re
from pathlib import Path
from urllib.parse import urlsplit

from website.dialect import translate

FIRST = [
    "docs/**/*.md",
    "docs/api",
    "examples",
    "examples/*.py",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "SECURITY.md",
]
ASSETS = "docs/assets/"
_LANGUAGES = {"": "text", ".css": "css", ".html": "html", ".js": "js", ".py": "python", ".toml": "toml", ".txt": "text"}
_TITLES = {"docs/api": "Reference", "examples": "Examples"}


def pages(root: Path) -> dict[str, str]:
    """Return the Markdown of each page by its place: of those that are always there, and of what they link to."""
    waiting = sorted(path.relative_to(root).as_posix() for pattern in FIRST for path in root.glob(pattern))
    made: dict[str, str] = {}
    while waiting:
        source = waiting.pop()
        if place(source, root) not in made:
            made[place(source, root)] = translate(_markdown(source, root), _Follow(source, root, waiting))
    return made


def place(source: str, root: Path) -> str:
    """Return where the site has a file or a folder of the repository."""
    path = source.removeprefix("docs/")
    if root.joinpath(source).is_dir():
        return f"{path}/index.md"
    if "/" not in source:
        return f"about/{Path(source).stem.lower()}.md"
    if not path.endswith(".md"):
        return path if source.startswith(ASSETS) else f"{path}.md"
    return path.replace("README.md", "index.md")


class _Follow:
    """Turn the links of one file into links between pages, and note which pages they need."""

    def __init__(self, source: str, root: Path, needed: list[str]) -> None:
        self._folder = source if root.joinpath(source).is_dir() else posixpath.dirname(source)
        self._page = posixpath.dirname(place(source, root))
        self._root, self._needed = root, needed

    def __call__(self, link: str) -> str:
        path, mark, anchor = link.partition("#")
        target = posixpath.normpath(posixpath.join(self._folder, path))
        if not path or urlsplit(link).scheme or not self._is_shown(target):
            return link  # what leads nowhere is found in what was built
        if not target.startswith(ASSETS):
            self._needed.append(target)
        return posixpath.relpath(place(target, self._root), self._page) + mark + anchor

    def _is_shown(self, target: str) -> bool:
        path = self._root / target
        outside = target in {".", "docs"} or target.startswith(("..", "/"))
        return not outside and (path.is_dir() or _is_text(path) or target.startswith(ASSETS))


def _markdown(source: str, root: Path) -> str:
    path = root / source
    if path.is_dir():
        readme = path / "README.md"
        return _described(readme.read_text("utf-8")) if readme.exists() else _listing(source, path)
    text = path.read_text("utf-8")
    return _described(text) if path.suffix == ".md" else _code(source, text)


def _is_text(path: Path) -> bool:
    return path.is_file() and path.suffix in {".md", *_LANGUAGES} and not path.name.startswith(".")


def _described(text: str) -> str:
    """Give a page without front matter its first sentence as its description."""
    if text.startswith("---\n"):
        return text
    first = re.search(r"^[A-Z].*", text, re.MULTILINE)
    plain = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", first[0] if first else "").translate({ord("`"): "", ord("*"): ""})
    return f"---\ndescription: {json.dumps(plain)}\n---\n\n{text}"


def _code(source: str, text: str) -> str:
    head = f"title: {source}\ndescription: The file {source}.\nsearch:\n  exclude: true\nhide:\n  - toc"
    fence = "`" * max([3, *(len(ticks) + 1 for ticks in re.findall("`+", text))])
    return f"---\n{head}\n---\n\n# `{source}`\n\n{fence} {_LANGUAGES[Path(source).suffix]}\n{text.rstrip()}\n{fence}\n"


def _listing(source: str, folder: Path) -> str:
    """Return a page that links to the files of a folder, those of the reference by their title and in their order."""
    heads = {file: _front_matter(file) for file in sorted(folder.iterdir()) if _is_text(file)}
    files = sorted(heads, key=lambda file: int(heads[file].get("order", 0)))
    head = f"---\ndescription: What is in {source}.\n---\n\n# {_TITLES.get(source, f'`{source}`')}\n"
    return "\n".join([head, *(f"* {_entry(file.name, heads[file])}" for file in files), ""])


def _entry(name: str, head: dict[str, str]) -> str:
    return f"[{head['title']}]({name}): {head['description']}" if head else f"[`{name}`]({name})"


def _front_matter(file: Path) -> dict[str, str]:
    text = file.read_text("utf-8")
    pairs = [line.partition(": ") for line in text.split("---\n")[1].splitlines()] if text.startswith("---\n") else []
    return {key: json.loads(value) if value.startswith('"') else value for key, _, value in pairs}
