"""What HTTP clients make of our Set-Cookie headers, over HTTP."""

from collections.abc import Iterator
from http.cookiejar import Cookie as JarCookie
from http.cookiejar import CookieJar, escape_path  # type: ignore[attr-defined]  # typeshed leaves it out
from typing import Any

import pytest
from hypothesis import given
from werkzeug.test import Client
from werkzeug.wrappers import Response

from cross_auth import SessionConfig, make_clear_cookie, make_session_cookie, read_session_cookie
from cross_auth.testing import FakeClock
from cross_auth.testing._laws import law
from tests.parsers.clients import CLIENTS, Fetch
from tests.parsers.headers import session_ids
from tests.parsers.site import Site, running
from tests.strategies import cookie_values, valid_configs

# A jar answers hosts with a dot as on the internet; those without as if .local stood behind them.
dotted = valid_configs.filter(lambda config: config.domain is None or "." in config.domain[1:])
LOCAL = {"domain": None, "path": "/"}
Conversation = tuple[Site, CookieJar, Fetch]


@pytest.fixture(params=CLIENTS, scope="module")
def conversation(request: pytest.FixtureRequest) -> Iterator[Conversation]:
    """Open a client of each kind, once for all examples."""
    with running() as site, CLIENTS[request.param](site) as (jar, fetch):
        yield site, jar, fetch


def host_of(config: SessionConfig) -> str:
    return (config.domain or "example.com").removeprefix(".").lower()


def kept(cookie: JarCookie) -> dict[str, Any]:
    flags = {name: cookie.has_nonstandard_attr(name) for name in ("HttpOnly", "Partitioned")}
    named = {name: getattr(cookie, name) for name in ("name", "value", "path", "secure", "expires", "domain")}
    return {**named, **flags, "SameSite": cookie.get_nonstandard_attr("SameSite")}


@law("cookie-header-round-trips")
@given(value=cookie_values, config=dotted)
def test_a_jar_keeps_what_was_written(conversation: Conversation, value: str, config: SessionConfig) -> None:
    """urllib, httpx and requests keep the name, the value and every attribute; they percent-encode the path."""
    site, jar, fetch = conversation
    jar.clear()
    with FakeClock() as clock:
        site.set_cookie = make_session_cookie(value, config).to_header()
        fetch(f"http://{host_of(config)}/")
        now = int(clock.now().timestamp())
    expected = {
        "name": config.name,
        "value": value,
        "path": escape_path(config.path),
        "domain": f".{host_of(config)}" if config.domain else "example.com",
        "secure": config.secure,
        "expires": now + config.max_age if config.persistent else None,
        "HttpOnly": config.httponly,
        "SameSite": config.samesite.capitalize(),
        "Partitioned": config.partitioned,
    }
    assert [expected] == [kept(cookie) for cookie in jar]


@law("clear-cookie-clears", "read-cookie-finds-the-id")
@given(session_id=session_ids, config=valid_configs.map(lambda config: config.model_copy(update=LOCAL)))
def test_a_client_sends_the_cookie_until_it_is_cleared(
    conversation: Conversation, session_id: str, config: SessionConfig
) -> None:
    """Over HTTPS the id comes back, over HTTP unless the cookie is Secure, and after the clear cookie nothing."""
    site, jar, fetch = conversation
    jar.clear()
    plain = site.proxy.replace("127.0.0.1", "localhost")
    made, cleared = make_session_cookie(session_id, config).to_header(), make_clear_cookie(config).to_header()
    sent = []
    with FakeClock():  # some cookies live for a second
        for url, answer in [(site.https, made), (site.https, ""), (plain, ""), (site.https, cleared), (site.https, "")]:
            site.set_cookie = answer
            sent.append(read_session_cookie(fetch(f"{url}/page"), config))
    assert [None, session_id, None if config.secure else session_id, session_id, None] == sent


@law("cookie-header-round-trips")
@given(value=cookie_values, config=valid_configs)
def test_the_test_client_of_flask_keeps_what_was_written(value: str, config: SessionConfig) -> None:
    """Werkzeug's client keeps the name, the value and the attributes that it knows, unchanged."""
    cookie = make_session_cookie(value, config)
    client = Client(Response(headers={"Set-Cookie": cookie.to_header()}))
    client.get("/", base_url=f"https://{host_of(config)}")
    found = client.get_cookie(config.name, config.domain or "example.com", config.path)
    assert found is not None
    assert {
        "key": config.name,
        "value": value,
        "max_age": cookie.max_age,
        "origin_only": config.domain is None,
        "secure": config.secure,
        "http_only": config.httponly,
        "same_site": config.samesite.capitalize(),
    }.items() <= vars(found).items()
