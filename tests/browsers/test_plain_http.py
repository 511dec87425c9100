"""The row of the README's table on Chrome: what becomes of the session cookie over plain HTTP."""

import pytest
from playwright.sync_api import BrowserContext

from cross_auth import SessionConfig, make_session_cookie
from tests.browsers.sites import Site


def come_back(context: BrowserContext, site: Site, host: str, config: SessionConfig) -> str | None:
    """Receive the session cookie on one visit, and return the Cookie header of the next."""
    page = context.new_page()
    site.set_cookies = [make_session_cookie("value", config).to_header().encode()]
    page.goto(site.url(host))
    page.goto(site.url(host))
    header: str | None = site.requests[-1][1]["Cookie"]
    return header


@pytest.mark.parametrize("config", [SessionConfig(), SessionConfig.host_prefixed()], ids=["default", "prefix"])
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "a.localhost", "127.9.9.9"])
def test_this_machine_counts_as_trustworthy(
    context: BrowserContext, http: Site, host: str, config: SessionConfig
) -> None:
    """A Secure cookie is kept and sent over plain HTTP on localhost."""
    assert f"{config.name}=value" == come_back(context, http, host, config)


@pytest.mark.parametrize("host", ["shop.test", "192.168.1.7", "localhost.test"])
def test_any_other_host_loses_a_secure_cookie(context: BrowserContext, http: Site, host: str) -> None:
    """Over plain HTTP a Secure cookie is dropped, and one that is not Secure is kept and sent."""
    assert come_back(context, http, host, SessionConfig()) is None
    assert "session_id=value" == come_back(context, http, host, SessionConfig(secure=False))


def test_https_keeps_a_secure_cookie(context: BrowserContext, http: Site, https: Site) -> None:
    """Over HTTPS it is kept and sent, and from there it does not leak to plain HTTP on the same host."""
    assert "session_id=value" == come_back(context, https, "shop.test", SessionConfig())
    context.new_page().goto(http.url("shop.test"))
    assert http.requests[-1][1]["Cookie"] is None
