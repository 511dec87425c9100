"""What the tests draw: everything that the contract allows, odd things first."""

from hypothesis import strategies as st

_printable = st.characters(min_codepoint=0x20, max_codepoint=0x7E)
_storable = st.characters(exclude_categories=["Cs"], exclude_characters="\0")

keys = st.sampled_from(["k", "K", "k ", " k", "key", "%", "_", "session:" + "0" * 64, "x" * 128, "y" * 128]) | st.text(
    _printable, min_size=1, max_size=128
)
neighbours = st.sampled_from([str.swapcase, str.strip, "{} ".format, " {}".format, "{}%".format])
values = st.sampled_from(
    ["", " ", "\n", "\r\n", '"', "\\u0000", "{}", "é", "e\u0301", "\U0001f36a", "x" * 256]
) | st.text(_storable)
ttls = st.none() | st.integers(1, 30) | st.sampled_from([86_400, 34_560_000])

user_ids = st.sampled_from(["u", "U", "\0", "'; --", "\u202e", "\U0001f36a", "u" * 1024]) | st.text(
    st.characters(exclude_categories=["Cs"]), min_size=1, max_size=1024
)
max_ages = st.sampled_from([1, 2, 60, 86_400, 34_560_000]) | st.integers(1, 34_560_000)
seconds = st.integers(1, 10) | st.sampled_from([59, 60, 86_400, 34_560_000])
malformed_ids = st.text(max_size=60).filter(lambda text: len(text) != 43 or not text.isascii())
unknown_ids = st.text("ABCabc012-_", min_size=43, max_size=43)
