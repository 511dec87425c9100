"""One page of HTML: its anchors, what it links to and what it loads."""

import re
from html.parser import HTMLParser

_LOADING = {
    "href": {"link"},
    "src": {"audio", "embed", "iframe", "img", "input", "script", "source", "track", "video"},
    "data": {"object"},
    "poster": {"video"},
}
# A list, a table or a fence right below a line of text is one in a repository browser, and text on the site.
_LOST = re.compile(r"^(?:[*+-] |\d+\. |\||```|~~~).*", re.MULTILINE)


class Page(HTMLParser):
    """What a page has, as its HTML is read."""

    def __init__(self, html: str) -> None:
        """Read the page."""
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.lost: list[str] = []
        self._paragraph: list[str] | None = None
        self._code = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the tag names."""
        if tag == "p":
            self._paragraph = []
        self._code = self._code or tag == "code"
        for name, value in attrs:
            if name == "id":
                self.anchors.add(value or "")
            elif tag == "a" and name == "href":
                self.links.append(value or "")
            elif tag in _LOADING.get(name, ()):
                self.loaded.append(value or "")

    def handle_data(self, data: str) -> None:
        """Keep the text of a paragraph, code apart."""
        if self._paragraph is not None:
            self._paragraph.append("code" if self._code else data)

    def handle_endtag(self, tag: str) -> None:
        """Look at a paragraph when it ends."""
        self._code = self._code and tag != "code"
        if tag == "p" and self._paragraph is not None:
            self.lost += _LOST.findall("".join(self._paragraph))
            self._paragraph = None
