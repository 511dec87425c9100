"""A page of one site that a test has send requests, and what the browser keeps and sends of cookies after them."""

import time
from dataclasses import replace
from email.message import Message

from playwright.sync_api import BrowserContext

from tests.browsers.asked import Asked, unexpired
from tests.browsers.jar import Jar, Stored
from tests.browsers.sites import Site

HOST = "shop.test"
SITE = f"https://{HOST}"
_FETCH = "url => fetch(url, {mode: 'no-cors', credentials: 'include'}).then(() => true, () => false)"


class Laboratory:
    """Every host under shop.test is of the page's own site, so no answer is one of a third party."""

    def __init__(self, context: BrowserContext, site: Site) -> None:
        self.site = site
        self.page = context.new_page()
        self.page.goto(site.url(HOST))
        self.jar = Jar(context, self.page)

    def receive(self, *headers: bytes | str, host: str = HOST, path: str = "/some/where") -> bool:
        """Have the browser fetch an answer with these Set-Cookie headers; tell whether it took the answer."""
        self.site.set_cookies = [each if isinstance(each, bytes) else each.encode() for each in headers]
        return bool(self.page.evaluate(_FETCH, self.site.url(host, path)))

    def send(self, host: str = HOST, path: str = "/") -> Message:
        """Have the browser send a request, and return its headers."""
        self.receive(host=host, path=path)
        return self.site.requests[-1][1]

    def keeps(self, asked: Asked, header: str | bytes, host: str = HOST) -> bool:
        """Tell whether a header has the browser keep exactly what was asked for, or drop it if Max-Age says so."""
        self.jar.clear()
        if asked.max_age is not None and asked.max_age <= 0:
            self.receive(unexpired(asked).header(), host=host)
            there = len(self.jar.cookies())
            self.receive(header, host=host)
            return (1, []) == (there, self.jar.cookies())
        before = time.time()
        self.receive(header, host=host)
        return [asked.kept(host, SITE, before)] == [self._rounded(each, asked, before) for each in self.jar.cookies()]

    def _rounded(self, stored: Stored, asked: Asked, before: float) -> Stored:
        """Set the end of a cookie to the earliest that it may have, if it lies in time."""
        ends_in_time = before <= (stored.expires or 0) - (asked.max_age or 0) <= time.time()
        return replace(stored, expires=before + (asked.max_age or 0)) if ends_in_time else stored
