"""Somebody with a browser, who visits a site."""

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from tests.browser import Browser

HOST = "127.0.0.1"


class Visitor:
    """Ask a site as a browser does that keeps to RFC 6265bis; it takes the address for a secure one, as Chrome does."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.browser = Browser(HOST)
        self.headers: list[str] = []  # each Set-Cookie that came

    @property
    def cookies(self) -> str:
        return "; ".join(f"{key[0]}={value}" for key, value in self.browser.cookies.items())

    def plant(self, cookie: str) -> None:
        self.browser.receive(f"{cookie}; Path=/; Secure")

    def get(self, path: str) -> str:
        return self.ask("GET", path).text

    def post(self, path: str) -> int:
        return self.ask("POST", path).status_code

    def ask(self, method: str, path: str) -> httpx.Response:
        response = ask(self.port, method, path, self.cookies)
        for header in response.headers.get_list("set-cookie"):
            self.headers.append(header)
            self.browser.receive(with_max_age(header))
        return response


def ask(port: int, method: str, path: str, cookies: str) -> httpx.Response:
    """Ask once, on a connection of its own and without httpx's own cookies; no certificate is loaded for nothing."""
    headers = {"Cookie": cookies} if cookies else {}
    with httpx.Client(verify=False, trust_env=False, timeout=60) as client:
        return client.request(method, f"http://{HOST}:{port}{path}", headers=headers)


def with_max_age(header: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> str:
    """Return the header with what its Expires means as a Max-Age, which wins where there are both (RFC 6265bis 5.7)."""
    attributes = {name.strip().lower(): value for name, _, value in (each.partition("=") for each in header.split(";"))}
    if "max-age" in attributes or "expires" not in attributes:
        return header
    ends = parsedate_to_datetime(attributes["expires"].strip())
    return f"{header}; Max-Age={int((ends - now()).total_seconds())}"
