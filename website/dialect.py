"""Markdown as repository browsers read it, turned into what Zensical reads."""

import re
from collections.abc import Callable

_FENCE_OR_LINE = re.compile(r"^ *(?P<ticks>`{3,}).*?^ *(?P=ticks) *$|^[^\n]+", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"(?P<run>`+)(?!`).*?[^`](?P=run)(?!`)")
_CODE_OR_LINK = re.compile(_CODE.pattern + r"|(?<=\]\()(?P<link>[^)\s]+)(?=\))")


def translate(text: str, follow: Callable[[str], str]) -> str:
    """Return the text with each link replaced by what `follow` makes of it; what is in fences stays as it is."""

    def translated(part: re.Match[str]) -> str:
        if part["ticks"]:
            return part[0]
        line = _CODE.sub(_with_bare_pipes, part[0]) if part[0].startswith("|") else part[0]
        return _CODE_OR_LINK.sub(lambda found: follow(found["link"]) if found["link"] else found[0], line)

    return _FENCE_OR_LINE.sub(translated, text)


def _with_bare_pipes(code: re.Match[str]) -> str:
    """Remove the backslash that code in a table has before a pipe: Zensical would show it."""
    return code[0].replace(r"\|", "|")
