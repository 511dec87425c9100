"""What ``SimpleCookie.load`` makes of a Set-Cookie header."""

import sys
from http.cookies import SimpleCookie

import pytest
from hypothesis import given

from cross_auth import SessionConfig, make_session_cookie
from cross_auth.testing._laws import law
from tests.parsers.signs import attribute_name
from tests.strategies import cookie_values, valid_configs

KNOWS_PARTITIONED = sys.version_info >= (3, 14)
FLAGS = {"secure", "httponly", "samesite"}


def is_readable(config: SessionConfig) -> bool:
    """Tell whether http.cookies can read it: not a name of its own, not what it takes for the end of a path."""
    known = KNOWS_PARTITIONED or not config.partitioned
    return known and not attribute_name(config.name) and not set(config.path) & set(' "\\')


def loaded(header: str) -> dict[str, tuple[str, dict[str, object]]]:
    found = SimpleCookie(header).items()
    return {name: (morsel.value, {key: value for key, value in morsel.items() if value}) for name, morsel in found}


@law("cookie-header-round-trips")
@given(value=cookie_values, config=valid_configs.filter(is_readable))
def test_http_cookies_reads_every_attribute(value: str, config: SessionConfig) -> None:
    """The name, the value and each attribute come out as they were put in."""
    expected: dict[str, object] = {"path": config.path, "samesite": config.samesite.capitalize()}
    expected |= {"max-age": str(config.max_age)} if config.persistent else {}
    expected |= {"domain": config.domain} if config.domain else {}
    expected |= {flag: True for flag in ("secure", "httponly", "partitioned") if getattr(config, flag)}
    assert {config.name: (value, expected)} == loaded(make_session_cookie(value, config).to_header())


@law("cookie-header-round-trips")
@pytest.mark.parametrize(
    ("config", "found"),
    [
        pytest.param(SessionConfig(name="$a"), {}, id="dollar"),
        pytest.param(SessionConfig(name="path"), {}, id="attribute"),
        pytest.param(SessionConfig(path="/a b"), {}, id="space"),
        pytest.param(
            SessionConfig(path="/a b=c"), {"session_id": {"max-age", "path"}, "b": FLAGS}, id="space-and-pair"
        ),
        pytest.param(SessionConfig(path='/a"b'), {"session_id": {"max-age"}}, id="quote"),
        pytest.param(SessionConfig(path="/a\\b"), {"session_id": {"max-age"}}, id="backslash"),
    ]
    + [pytest.param(SessionConfig(partitioned=True), {}, id="partitioned")] * (not KNOWS_PARTITIONED),
)
def test_what_http_cookies_cannot_read_is_lost(config: SessionConfig, found: dict[str, set[str]]) -> None:
    """The whole cookie goes, or what stands behind an odd path, or the path yields a second cookie."""
    cookies = loaded(make_session_cookie("value", config).to_header())
    assert found == {name: set(attributes) for name, (_, attributes) in cookies.items()}
