"""The HTTP clients of Python, each with a cookie jar of its own making."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.cookiejar import CookieJar
from urllib.request import HTTPCookieProcessor, HTTPSHandler, ProxyHandler, build_opener

import httpx
import requests

from tests.parsers.site import Site

Fetch = Callable[[str], str]
Client = tuple[CookieJar, Fetch]


@contextmanager
def with_urllib(site: Site) -> Iterator[Client]:
    jar = CookieJar()
    handlers = ProxyHandler({"http": site.proxy}), HTTPSHandler(context=site.trust), HTTPCookieProcessor(jar)
    opener = build_opener(*handlers)

    def fetch(url: str) -> str:
        with opener.open(url) as response:
            return str(response.read().decode("latin-1"))

    yield jar, fetch


@contextmanager
def with_httpx(site: Site) -> Iterator[Client]:
    proxied = {"http://": httpx.HTTPTransport(proxy=site.proxy)}
    with httpx.Client(mounts=proxied, verify=site.trust, trust_env=False) as client:
        yield client.cookies.jar, lambda url: client.get(url).content.decode("latin-1")


@contextmanager
def with_requests(site: Site) -> Iterator[Client]:
    with requests.Session() as session, site.authority.cert_pem.tempfile() as trusted:
        session.trust_env, session.verify, session.proxies = False, trusted, {"http": site.proxy}
        yield session.cookies, lambda url: session.get(url).content.decode("latin-1")


CLIENTS: dict[str, Callable[[Site], AbstractContextManager[Client]]] = {
    "urllib": with_urllib,
    "httpx": with_httpx,
    "requests": with_requests,
}
