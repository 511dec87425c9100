"""Which requests carry a cookie that our rules allow: what of it only the site's own host and paths decide."""

import pytest
from playwright.sync_api import BrowserContext

from cross_auth import SessionConfig, make_session_cookie
from tests.browsers.asked import Asked
from tests.browsers.jar import Jar
from tests.browsers.laboratory import Laboratory
from tests.browsers.sites import Site

PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
# A URL holds these percent-encoded, as the start of its query or fragment, or, the backslash, as a slash.
NEVER_IN_A_PATH = ' "#<>?\\^`{|}'


def sends(laboratory: Laboratory, cookie_path: str, path: str) -> bool:
    """Tell whether the cookie of a path goes along with a request for a path."""
    laboratory.jar.clear()
    laboratory.receive(Asked(path=cookie_path).header())
    assert [cookie_path] == [each.path for each in laboratory.jar.cookies()]
    return "name=value" == laboratory.send(path=path)["Cookie"]


def test_a_path_that_no_url_has_is_kept_and_never_sent(laboratory: Laboratory) -> None:
    """A path with one of these characters is allowed and stored, and a request for it does not carry the cookie."""
    allowed = [each for each in PRINTABLE if Asked(path=f"/a{each}b").is_allowed()]
    assert NEVER_IN_A_PATH == "".join(each for each in allowed if not sends(laboratory, f"/a{each}b", f"/a{each}b"))


@pytest.mark.parametrize("path", ["/..", "/.", "/a/../b", "/a/./b", "/%2e", "/a/%2E%2e"])
def test_a_path_with_dot_segments_is_kept_and_never_sent(laboratory: Laboratory, path: str) -> None:
    """URLs lose them before a request is made."""
    assert Asked(path=path).is_allowed()
    assert not sends(laboratory, path, path)


@pytest.mark.parametrize(
    ("cookie_path", "path", "is_sent"),
    [("/", "/", True), ("/", "/app/page", True)]
    + [("/app", "/app", True), ("/app", "/app/page", True), ("/app", "/app?query", True)]
    + [("/app", "/apple", False), ("/app", "/App", False), ("/app", "/", False)]
    + [("/app/", "/app", False), ("/app/", "/app/page", True)]
    + [("/caf%C3%A9", "/café", True), ("/caf%c3%a9", "/café", False), ("/...", "/...", True)],
)
def test_a_request_carries_the_cookies_of_its_path(
    laboratory: Laboratory, cookie_path: str, path: str, is_sent: bool
) -> None:
    """A path leads to itself and to what is below it, octet by octet."""
    assert is_sent == sends(laboratory, cookie_path, path)


@pytest.mark.parametrize(
    ("domain", "host", "is_sent"),
    [(None, "a.shop.test", True), (None, "shop.test", False), (None, "b.a.shop.test", False)]
    + [("a.shop.test", "a.shop.test", True), ("a.shop.test", "b.a.shop.test", True)]
    + [("a.shop.test", "b.shop.test", False), ("shop.test", "b.shop.test", True), ("SHOP.test", "shop.test", True)],
)
def test_a_request_carries_the_cookies_of_its_host(
    laboratory: Laboratory, domain: str | None, host: str, is_sent: bool
) -> None:
    """Without a domain the cookie is for one host, with one for that host and all below it."""
    laboratory.jar.clear()
    laboratory.receive(make_session_cookie("value", SessionConfig(domain=domain)).to_header(), host="a.shop.test")
    assert ("session_id=value" if is_sent else None) == laboratory.send(host)["Cookie"]


@pytest.mark.parametrize(
    ("host", "domain", "stored"),
    [
        pytest.param("127.0.0.1", "127.0.0.1", "127.0.0.1", id="an address is its own domain"),
        pytest.param("localhost", "localhost", "localhost", id="localhost is its own domain"),
        pytest.param("co.uk", "co.uk", "co.uk", id="a public suffix is the domain of its own host alone"),
        pytest.param("shop.test", "other.test", None, id="another host"),
        pytest.param("shop.test", "a.shop.test", None, id="a host below"),
        pytest.param("shop.test", "op.test", None, id="the end of a label"),
        pytest.param("shop.test", "test", None, id="a top-level domain"),
        pytest.param("shop.co.uk", "co.uk", None, id="a public suffix"),
        pytest.param("page.github.io", "github.io", None, id="a private public suffix"),
        pytest.param("a.localhost", "localhost", None, id="localhost from below"),
        pytest.param("127.0.0.1", "127.1", None, id="an address written otherwise"),
        pytest.param("shop.test", "xn--a.shop.test", None, id="no punycode"),
    ],
)
def test_the_host_of_the_page_decides_on_the_domain(
    context: BrowserContext, https: Site, host: str, domain: str, stored: str | None
) -> None:
    """Any host name is allowed as a domain, and the browser takes it from that host and from hosts below it alone."""
    https.set_cookies = [make_session_cookie("value", SessionConfig(domain=domain)).to_header().encode()]
    page = context.new_page()
    page.goto(https.url(host))
    assert ([stored] if stored else []) == [each.domain for each in Jar(context, page).cookies()]
