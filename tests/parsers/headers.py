"""The ``Cookie`` headers that the tests draw, as a server hands them on: one character an octet."""

from hypothesis import strategies as st

from tests.parsers.differences import ID, OTHER
from tests.parsers.readers import NAME
from tests.strategies import cookie_values, names

session_ids = st.text("ABCxyz019-_", min_size=43, max_size=43)
_usual = st.sampled_from([ID, OTHER, ID[1:], ""])

# By the grammar of RFC 6265bis: tokens and cookie octets, our cookie once, in any order.
_others = st.lists(st.builds("{}={}".format, names.filter(lambda name: name != NAME), cookie_values), max_size=4)
_with_ours = st.builds(lambda others, value: [*others, f"{NAME}={value}"], _others, _usual)
by_the_grammar = _with_ours.flatmap(st.permutations).map("; ".join)

# From browsers: what RFC 6265bis 5.7 stores, without a control character or a semicolon, and most of it in UTF-8.
_kept = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=";"), max_size=8)
_names = st.just(NAME) | st.sampled_from([NAME.upper(), f"\u2000{NAME}", f" {NAME}", f"x{NAME}"])
_values = _usual | st.sampled_from([f"%41{ID[1:]}", f"{ID}\u3000", f"{ID} ", f"{ID},a", f"{ID} a={OTHER}"])
_ours = st.builds("{0}={2}{1}{2}".format, _names, _values, st.sampled_from(["", "", "", '"']))
_pairs = st.builds("{}={}".format, _kept.map(lambda text: text.replace("=", "")), _kept)
_odd = [f'a="b; {NAME}={ID}; c=d"', 'e="f', f"g=h {NAME}={OTHER}", f"i=j,{NAME}={ID}", "path=k", "$l=m", NAME]
_octets_of_a_server = st.sampled_from([f"\xa0{NAME}={OTHER}", f"{NAME}={ID}\x85", "n=\xe9"])
_in_utf_8 = (_ours | _kept | _pairs | st.sampled_from(_odd)).map(lambda text: text.encode("utf-8").decode("latin-1"))
_stored = st.lists((_in_utf_8 | _octets_of_a_server).map(lambda cookie: cookie.strip(" \t")), max_size=4)
from_browsers = _stored.map("; ".join)

# Anything: such a header with whatever octets in some place of it, and octets alone.
_octets = st.characters(max_codepoint=0xFF, exclude_characters="\0\r\n")
_put_in = st.text(_octets, max_size=2) | st.sampled_from([*'=;;"\\ \t\v\xa0%$', "; ", '="', '";'])


@st.composite
def _spoilt(draw: st.DrawFn) -> str:
    header = draw(st.sampled_from(["; ", ";", " ;\t"])).join(draw(_stored))
    place = draw(st.integers(0, len(header)))
    return header[:place] + draw(_put_in) + header[place + draw(st.integers(0, 1)) :]


wild = _spoilt() | st.text(_octets, max_size=60)
