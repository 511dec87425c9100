"""What the cookie tests draw."""

from typing import Any

from hypothesis import strategies as st
from pydantic import ValidationError

from cross_auth import SessionConfig

_token = "!#$%&'*+-.^_`|~0123456789ABCXYZabcxyz"
_octets = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '",;\\')

names = st.sampled_from(["session_id", "__Secure-id", "__Host-id", "__hOST-id", "__Http-id"]) | st.text(
    _token, min_size=1, max_size=60
)
cookie_values = st.text(_octets, min_size=1, max_size=80)
paths = st.sampled_from(["/", "/app", "/a b", "/a,b", "/%7Eme"]) | st.text(_octets, max_size=30).map("/{}".format)
domains = st.none() | st.from_regex(r"\A\.?[a-z0-9-]{1,8}(\.[a-z]{2,5}){0,3}\Z")
max_ages = st.integers(1, 34_560_000)
odd_text = st.text(max_size=30) | st.sampled_from(
    ["a; Secure", "a\r\nSet-Cookie: b=c", "a\0", "a\x7f", "a=b", "é", "\ud800", "a,b", '"a"', " a", "a ", "a\t", ""]
)


def _possible(fields: dict[str, Any]) -> list[SessionConfig]:
    try:
        return [SessionConfig(**fields)]
    except ValidationError:
        return []


_fields = st.fixed_dictionaries(
    {"name": names, "path": paths, "domain": domains, "secure": st.booleans(), "httponly": st.booleans()},
    optional={
        "max_age": max_ages,
        "samesite": st.sampled_from(["lax", "strict", "none"]),
        "partitioned": st.booleans(),
        "persistent": st.booleans(),
    },
)
configs = _fields.map(_possible).filter(bool).map(lambda found: found[0])
# Most fields drawn at once break some rule, so every rule is also met from its inside.
valid_configs = configs | st.builds(
    SessionConfig.host_prefixed, names.filter(lambda name: not name.startswith("_")), persistent=st.booleans()
)
