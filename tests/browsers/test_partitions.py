"""A partitioned cookie is one of the site that the browser is on, and cleared there alone."""

from playwright.sync_api import BrowserContext

from cross_auth import SessionConfig, make_clear_cookie, make_session_cookie
from cross_auth.testing._laws import law
from tests.browsers.jar import Jar
from tests.browsers.sites import Site

EMBEDDED = SessionConfig.host_prefixed(samesite="none", partitioned=True)


@law("clear-cookie-clears")
def test_each_site_that_embeds_another_has_a_session_of_its_own(context: BrowserContext, https: Site) -> None:
    """Clearing the cookie of a shop that blog.test embeds leaves the one that the same browser has at news.test."""
    page = context.new_page()
    jar = Jar(context, page)

    def visit(outer: str, header: str) -> None:
        page.goto(https.url(outer))
        https.set_cookies = [header.encode()]
        page.evaluate(
            "url => new Promise(done => { const frame = document.createElement('iframe');"
            " frame.src = url; frame.onload = done; document.body.append(frame) })",
            https.url("shop.test"),
        )

    for site in ("blog.test", "news.test"):
        visit(site, make_session_cookie(f"id-at-{site}", EMBEDDED).to_header())
    assert {"https://blog.test": "id-at-blog.test", "https://news.test": "id-at-news.test"} == {
        each.partition: each.value for each in jar.cookies()
    }
    visit("blog.test", make_clear_cookie(EMBEDDED).to_header())
    assert ["https://news.test"] == [each.partition for each in jar.cookies()]
    visit("shop.test", make_clear_cookie(EMBEDDED).to_header())
    assert ["https://news.test"] == [each.partition for each in jar.cookies()]
