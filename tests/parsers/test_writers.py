"""What ``response.set_cookie(**cookie.to_dict())`` of each framework sends, against ``cookie.to_header()``."""

import re
import sys
from datetime import timedelta
from email.utils import format_datetime
from http.cookies import CookieError
from urllib.parse import quote

import pytest
from hypothesis import given

from cross_auth import Cookie, SessionConfig, make_clear_cookie, make_session_cookie
from cross_auth.testing import FakeClock
from cross_auth.testing._laws import law
from tests.browser import Browser
from tests.parsers.writers import WRITERS, parsed
from tests.strategies import cookie_values, valid_configs

FRAMEWORKS = pytest.mark.parametrize("framework", WRITERS)
BY_HTTP_COOKIES = ("Django", "FastAPI", "Litestar")
PARTITIONED = ("Flask", "FastAPI") if sys.version_info >= (3, 14) else ("Flask",)


def expected_of(framework: str, cookie: Cookie, expires: str) -> tuple[str, str, dict[str, str]]:
    """Return what a framework sends for a cookie: what we send, but for the differences that are listed here."""
    name, value, attributes = parsed(cookie.to_header())
    if framework in ("Flask", "Django") and cookie.max_age is not None:
        attributes["expires"] = expires  # browsers follow Max-Age, which is there as well
    if framework == "Flask":
        attributes["path"] = quote(cookie.path, safe="%!$&'()*+,/:=@")
    if framework in BY_HTTP_COOKIES and not re.fullmatch(r"[\w!#$%&'*+\-.^`|~:]+", value, re.ASCII):
        value = f'"{value}"'
    return name, value, attributes


@law("cookie-dict-sets-the-cookie")
@FRAMEWORKS
@given(value=cookie_values, config=valid_configs)
def test_a_framework_sends_what_we_send(framework: str, value: str, config: SessionConfig) -> None:
    """Name, value and attributes are ours; what is quoted, encoded or added is listed above, and nothing else is."""
    if framework not in PARTITIONED:
        config = config.model_copy(update={"partitioned": False})
    with FakeClock() as clock:
        for cookie in (make_session_cookie(value, config), make_clear_cookie(config)):
            end = clock.now() + timedelta(seconds=cookie.max_age or 0)
            expected = expected_of(framework, cookie, format_datetime(end, usegmt=True))
            assert expected == parsed(WRITERS[framework]("set_cookie", cookie.to_dict()))


@law("cookie-dict-sets-the-cookie")
@pytest.mark.parametrize("framework", BY_HTTP_COOKIES)
def test_a_name_that_is_an_attribute_is_refused(framework: str) -> None:
    """A framework that writes with http.cookies raises for a cookie that is called as an attribute."""
    with pytest.raises(CookieError, match="reserved"):
        WRITERS[framework]("set_cookie", make_session_cookie("value", SessionConfig(name="path")).to_dict())


@law("cookie-dict-sets-the-cookie")
@pytest.mark.parametrize("framework", sorted(WRITERS.keys() - set(PARTITIONED)))
def test_partitioned_is_refused(framework: str) -> None:
    """A framework that does not know Partitioned raises, and drops nothing silently."""
    with pytest.raises((TypeError, ValueError), match=r"(?i)partitioned"):
        WRITERS[framework]("set_cookie", make_session_cookie("value", SessionConfig(partitioned=True)).to_dict())


@law("clear-cookie-clears", "cookie-dict-sets-the-cookie")
@FRAMEWORKS
def test_the_clear_cookie_clears_by_each_framework(framework: str) -> None:
    """A browser drops a __Host- cookie for the clear cookie, in whichever form a framework writes it."""
    config = SessionConfig.host_prefixed()
    browser = Browser("example.com")
    browser.receive(make_session_cookie("value", config).to_header())
    browser.receive(WRITERS[framework]("set_cookie", make_clear_cookie(config).to_dict()))
    assert {} == browser.cookies


@law("clear-cookie-clears")
@pytest.mark.parametrize(("framework", "left"), [("Flask", 1), ("FastAPI", 1), ("Litestar", 1), ("Django", 0)])
def test_delete_cookie_of_a_framework_is_no_clear_cookie(framework: str, left: int) -> None:
    """Called by the name alone, all but Django's leave a __Host- cookie in the browser: they do not say Secure."""
    browser = Browser("example.com")
    browser.receive(make_session_cookie("value", SessionConfig.host_prefixed()).to_header())
    browser.receive(WRITERS[framework]("delete_cookie", {"key": "__Host-session_id"}))
    assert left == len(browser.cookies)
