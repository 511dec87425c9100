"""What the tests draw: everything that the contract allows, odd things first."""

from collections.abc import Callable

from hypothesis import strategies as st

_printable = st.characters(min_codepoint=0x20, max_codepoint=0x7E)
_storable = st.characters(exclude_categories=["Cs"], exclude_characters="\0")


def _is_of_a_value(key: str) -> bool:
    """Tell whether a key, and what is beside it, is free of the prefix that keys of sets have."""
    return not key.strip().lower().startswith("user:")


def _shorten(text: str) -> str:
    return text[:-1]


keys = st.sampled_from(["k", "K", "k ", " k", "key", "%", "_", "session:" + "0" * 64, "x" * 128, "y" * 128]) | st.text(
    _printable, min_size=1, max_size=128
).filter(_is_of_a_value)
set_keys = st.sampled_from(["k", "K", "k:a", "x" * 123]).map("user:{}".format)
members = st.sampled_from(["a", "A", "a ", " a", "a:b", "b", "%", "0" * 64, "x" * 128]) | st.text(
    _printable, min_size=1, max_size=128
)
changes = st.sampled_from([str.swapcase, str.strip, _shorten, "{} ".format, " {}".format, "{}%".format])
values = st.sampled_from(
    ["", " ", "\n", "\r\n", '"', "\\u0000", "{}", "é", "e\u0301", "\U0001f36a", "x" * 256]
) | st.text(_storable)
member_ttls = st.integers(1, 30) | st.sampled_from([86_400, 34_563_600])
ttls = st.none() | st.integers(1, 30) | st.sampled_from([86_400, 34_560_000])
befores = st.sampled_from([1, 0])  # seconds

user_ids = st.sampled_from(["u", "U", "\0", "'; --", "\u202e", "\U0001f36a", "u" * 1024]) | st.text(
    st.characters(exclude_categories=["Cs"]), min_size=1, max_size=1024
)
users = st.sampled_from(["u", "U"]) | user_ids  # mostly few, so that a user has several sessions
idle_timeouts = st.none() | st.sampled_from([1, 2, 10, 60]) | st.integers(1, 34_560_000)
metadata: st.SearchStrategy[dict[str, str]] = st.builds(dict) | st.dictionaries(
    st.text(max_size=20), st.text(max_size=40), max_size=16
)
max_ages = st.sampled_from([1, 2, 60, 86_400, 34_560_000]) | st.integers(1, 34_560_000)
seconds = st.integers(1, 10) | st.sampled_from([59, 60, 86_400, 34_560_000])
malformed_ids = st.text(max_size=60).filter(lambda text: len(text) != 43 or not text.isascii())
unknown_ids = st.text("ABCabc012-_", min_size=43, max_size=43)


def beside(text: str, change: Callable[[str], str]) -> str:
    """Return a key or a member that differs a little from another."""
    changed = change(text)[:128]
    if changed in ("", text):  # as where a text of 128 characters would have grown
        return text[:-1] + ("-" if text.endswith("~") else "~")
    return changed
