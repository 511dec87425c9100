"""What stands in a ``Cookie`` header where readers part: each sign is one reason for which they do."""

import re
from http.cookies import Morsel

from tests.parsers.readers import NAME

_SPACE = r"[ \t\n\r\f\v]"
_TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_PLAIN = re.compile(rf"{_TOKEN}=[\x21\x23-\x2B\x2D-\x3A\x3C-\x5B\x5D-\x7E]*")
_QUOTED = re.compile(rf'(?<![^; \t\n\r\f\v])({_TOKEN}=){_SPACE}*"[^"\\\x00-\x1f\x7f]*"(?={_SPACE}|;|$)')
_ACROSS = re.compile(r'=[ \t]*"(?:[^\\";]|\\.)*;(?:[^\\"]|\\.)*"')


def _pairs(header: str) -> list[tuple[str, str, str]]:
    return [pair.partition("=") for pair in header.split(";")]


def _values(header: str) -> set[str]:
    return {value.strip(" \t") for name, equals, value in _pairs(header) if equals and name.strip(" \t") == NAME}


def _as_utf_8(header: str) -> str:
    return header.encode("latin-1").decode("utf-8", "replace")


def two_values(header: str) -> bool:
    """Tell whether our name comes with different values."""
    return len(_values(header)) > 1


def nameless(header: str) -> bool:
    """Tell whether our name stands there without an equals sign: to a browser, a value without a name."""
    return any(not equals and text.strip() == NAME for text, equals, _ in _pairs(header))


def quoted(header: str) -> bool:
    """Tell whether a value of our name stands in quotes."""
    return any(value.startswith('"') and value.endswith('"') for value in _values(header))


def quotes_across(header: str) -> bool:
    """Tell whether one cookie opens a quote that another one closes."""
    return _ACROSS.search(header) is not None


def percent(header: str) -> bool:
    """Tell whether a value of our name holds a percent sign."""
    return any("%" in value for value in _values(header))


def wide_space(header: str) -> bool:
    """Tell whether str.strip() removes more than space and tab around our name or its value."""
    ours = [(name, value) for name, _, value in _pairs(header) if name.strip() == NAME]
    return any(text.strip() != text.strip(" \t") for pair in ours for text in pair)


def wide_space_in_utf_8(header: str) -> bool:
    """Tell the same of the header as UTF-8."""
    return wide_space(_as_utf_8(header))


def not_utf_8(header: str) -> bool:
    """Tell whether the octets are no UTF-8."""
    return _as_utf_8(header).encode("utf-8") != header.encode("latin-1")


def space_in_a_pair(header: str) -> bool:
    """Tell whether white space of ASCII stands within a pair, beyond the space and tab around it."""
    return any(re.search(_SPACE, pair.strip(" \t")) for pair in header.split(";"))


def attribute_name(header: str) -> bool:
    """Tell whether a cookie is called as an attribute of a cookie, or starts with a dollar sign as in RFC 2109."""
    names = [chunk.partition("=")[0].lower() for chunk in _chunks(header)]
    return any(name.startswith("$") or name == "partitioned" or Morsel().isReservedKey(name) for name in names)


def odd_pair(header: str) -> bool:
    """Tell whether something is there that RFC 6265bis 4.1.1 has no grammar for, a plain quoted value aside."""
    pairs = header.strip(" \t").removesuffix(";").split(";")
    return "" in map(str.strip, pairs) or any(_PLAIN.fullmatch(chunk) is None for chunk in _chunks(header))


def _chunks(header: str) -> list[str]:
    return [chunk for chunk in re.split(f"{_SPACE}|;", _QUOTED.sub(r"\1", header)) if chunk]
