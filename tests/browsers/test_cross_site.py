"""What another site can do with the session of a visitor: nothing, and a link from it finds them signed in."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext

from cross_auth import SessionConfig, make_session_cookie
from tests.browsers.attacks import FETCH, FORM, LINK, SANDBOXED_FORM
from tests.browsers.device import Device
from tests.browsers.recipes import Served
from tests.browsers.sites import Site


def attack(context: BrowserContext, origin: str, script: str, target: str) -> None:
    """Open a page of an origin, and have its script send a request."""
    page = context.new_page()
    page.goto(origin)
    leaves = script in (FORM, SANDBOXED_FORM, LINK)
    with page.expect_navigation(url=target) if leaves else page.expect_response(target):
        page.evaluate(script, target)
    page.close()


@dataclass(frozen=True)
class Told:
    """How a site answered a request, and what the browser told with it."""

    status: int
    origin: str | None
    fetch_site: str | None
    with_cookie: bool


def told(served: Served, path: str) -> Told:
    last = served.last(path)
    return Told(last.status, last.request["Origin"], last.request["Sec-Fetch-Site"], "Cookie" in last.request)


def test_a_post_of_another_origin_is_refused(context: BrowserContext, http: Site, served: Served) -> None:
    """Of another site it comes without the cookie, of another port with it; it is answered 403 and changes nothing."""
    device = Device(context, served.url).log_in()
    site, port, target = http.origin("evil.test"), http.origin("127.0.0.1"), f"{served.url}/logout"
    for script in (FORM, FETCH):
        attack(context, site, script, target)
        assert Told(403, site, "cross-site", False) == told(served, "/logout")
        attack(context, port, script, target)
        assert Told(403, port, "same-site", True) == told(served, "/logout")
    attack(context, port, SANDBOXED_FORM, target)
    assert Told(403, "null", "cross-site", False) == told(served, "/logout")
    device.page.reload()
    assert "Hello, alice" == device.heading


def test_a_link_from_another_site_finds_the_user_signed_in(context: BrowserContext, http: Site, served: Served) -> None:
    """It carries the cookie, as SameSite=Lax lets it."""
    Device(context, served.url).log_in()
    attack(context, http.origin("evil.test"), LINK, f"{served.url}/")
    assert Told(200, None, "cross-site", True) == told(served, "/")


@pytest.mark.parametrize("served", ["Flask", "FastAPI", "Starlette", "Litestar"], indirect=True)  # any host is theirs
def test_over_plain_http_the_origin_decides(context: BrowserContext, http: Site, served: Served) -> None:
    """On a host that does not count as trustworthy browsers send no Sec-Fetch-Site; own forms pass, others do not."""
    named = served.url.replace("127.0.0.1", "app.test")
    device = Device(context, named).log_in()
    for host, is_same_site in (("evil.test", False), ("sub.app.test", True), ("app.test", True)):
        attack(context, http.origin(host), FORM, f"{named}/logout")
        assert Told(403, http.origin(host), None, is_same_site) == told(served, "/logout")
    device.page.reload()
    assert "Hello, alice" == device.heading


@pytest.mark.parametrize(
    ("samesite", "link", "form"), [("none", True, True), ("lax", True, False), ("strict", False, False)]
)
def test_samesite_decides_which_requests_of_another_site_carry_the_cookie(
    context: BrowserContext, https: Site, samesite: str, link: bool, form: bool
) -> None:
    """None: links and forms. Lax: links. Strict: no one, though the site's own requests carry it."""
    own, other, target = https.origin("shop.test"), https.origin("evil.test"), https.url("shop.test", "/target")

    def carries(origin: str, script: str) -> bool:
        attack(context, origin, script, target)
        return "Cookie" in [headers for path, headers in https.requests if path == "/target"][-1]

    config = SessionConfig.model_validate({"samesite": samesite})
    https.set_cookies = [make_session_cookie("value", config).to_header().encode()]
    attack(context, own, LINK, target)
    assert [True, True] == [carries(own, script) for script in (LINK, FORM)]
    assert [link, form] == [carries(other, script) for script in (LINK, FORM)]
