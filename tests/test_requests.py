"""Which requests are another origin's, told from the headers of real frameworks."""

from collections.abc import Callable, Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.http.request import HttpHeaders
from hypothesis import example, given
from hypothesis import strategies as st
from litestar.datastructures import Headers as LitestarHeaders
from pydantic import ValidationError
from starlette.datastructures import Headers as StarletteHeaders
from werkzeug.datastructures import EnvironHeaders

from cross_auth import RequestHeaders, is_cross_origin
from cross_auth.testing._laws import law

HOST = "example.com"
SAFE = ("GET", "HEAD", "OPTIONS")
OWN = ("same-origin", "none")
DEFAULT_PORTS = {"http": 80, "https": 443}
PORTS = st.sampled_from(["", ":80", ":443", ":8000"])
SITES = ("cross-site", "same-site", "same-origin", "none", "Same-Origin", "same-origin, cross-site", "", "new")


def _wsgi(headers: Mapping[str, str]) -> dict[str, str]:
    return {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}


FRAMEWORKS: dict[str, Callable[[Mapping[str, str]], RequestHeaders]] = {
    "dict": lambda headers: {name.lower(): value for name, value in headers.items()},
    "Starlette": StarletteHeaders,
    "Litestar": LitestarHeaders,
    "Werkzeug": lambda headers: EnvironHeaders(_wsgi(headers)),
    "Django": lambda headers: HttpHeaders(_wsgi(headers)),
}
in_every_framework = pytest.mark.parametrize("headers", FRAMEWORKS.values(), ids=FRAMEWORKS.keys())


def refused(method: str = "POST", trusted: Collection[str] = (), **headers: str) -> bool:
    sent = {name.replace("_", "-"): value for name, value in {"host": HOST, **headers}.items()}
    return is_cross_origin(method, sent, trusted_origins=trusted)


@law("cross-origin-asks-fetch-site", "cross-origin-asks-origin", "cross-origin-lets-reads-pass")
@in_every_framework
def test_the_headers_of_a_framework_are_read_as_they_are(headers: Callable[..., RequestHeaders]) -> None:
    """A form of another site is refused, the site's own is not, and no link is, by the headers of every framework."""
    foreign = headers({"Host": HOST, "Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"})
    older = headers({"Host": HOST, "Origin": "https://evil.example"})
    own = headers({"Host": HOST, "Origin": f"https://{HOST}", "Sec-Fetch-Site": "same-origin"})
    requests = [("POST", foreign), ("POST", older), ("POST", own), ("GET", foreign)]
    assert [True, True, False, False] == [is_cross_origin(*each) for each in requests]


@law("cross-origin-lets-reads-pass")
@pytest.mark.parametrize("method", SAFE)
def test_what_only_reads_is_never_refused(method: str) -> None:
    """A link from another site leads somewhere, also where the request has no Host."""
    assert not refused(method, origin="https://evil.example", sec_fetch_site="cross-site")
    assert not is_cross_origin(method, {})


@law("cross-origin-lets-reads-pass")
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "post", "get", "", "ANY"])
def test_every_other_method_is_checked(method: str) -> None:
    """A method that is unknown, or is written otherwise, may change something."""
    assert refused(method, origin="https://evil.example")


@law("cross-origin-asks-fetch-site")
@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize(
    "origin", [{}, {"origin": "null"}, {"origin": f"https://{HOST}"}, {"origin": "https://evil.example"}]
)
def test_fetch_metadata_decides_where_there_is_some(site: str, origin: dict[str, str]) -> None:
    """Two values are the site's own request or the user's, and whatever Origin says changes nothing."""
    assert (site not in OWN) is refused(sec_fetch_site=site, **origin)


@law("cross-origin-asks-origin")
@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://example.com", "example.com"),
        ("http://example.com", "example.com"),  # behind a proxy the scheme is not known here
        ("https://Example.com", "EXAMPLE.com"),
        ("https://example.com", "example.com:443"),
        ("http://example.com:80", "example.com"),
        ("http://127.0.0.1:8000", "127.0.0.1:8000"),
        ("http://[::1]:8000", "[::1]:8000"),
        ("http://[::80]", "[::80]"),
    ],
)
def test_an_origin_with_the_host_and_port_of_the_request_is_its_own(origin: str, host: str) -> None:
    """Letter case and a default port make no difference."""
    assert not refused(origin=origin, host=host)


@law("cross-origin-asks-origin")
@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "example.com",
        "https://evil.example",
        "https://example.com:8443",
        "http://example.com:443",
        "https://example.com.evil.example",
        "https://evil-example.com",
        "https://sub.example.com",
        "https://example.com@evil.example",
        "https://evil.example/https://example.com",
        "https://example.com/",
        "https://example.com, https://evil.example",
        "chrome-extension://example.com",
        "app://example.com",
        "://example.com",
    ],
)
def test_any_other_origin_is_refused(origin: str) -> None:
    """Another host, port or scheme, and whatever is no origin, is not the site's own."""
    assert refused(origin=origin)


@law("cross-origin-asks-origin")
def test_a_request_of_no_browser_is_not_refused() -> None:
    """Curl and other clients, which carry no cookies of a user that they were not given, send neither header."""
    assert not refused()


@law("cross-origin-trusts")
@pytest.mark.parametrize("site", [{}, {"sec_fetch_site": "cross-site"}, {"sec_fetch_site": "same-site"}])
def test_a_trusted_origin_is_let_in_and_no_other(site: dict[str, str]) -> None:
    """Trust is in the whole origin: scheme, host and port."""
    trusted = ["https://admin.example.com", "http://localhost:5173", "http://[::1]:8000", "capacitor://localhost"]
    origins = [*trusted, "http://admin.example.com", "https://admin.example.com:8443", "https://x.admin.example.com"]
    assert [False] * 4 + [True] * 3 == [refused("POST", trusted, origin=each, **site) for each in origins]


@law("cross-origin-asks-origin")
def test_the_handshake_of_a_websocket_is_checked_as_a_post() -> None:
    """It is a GET by its method, and a browser sends Origin with it whoever opens it."""
    foreign = {"type": "websocket", "headers": [(b"host", b"example.com"), (b"origin", b"https://evil.example")]}
    own = {"type": "websocket", "headers": [(b"host", b"example.com"), (b"origin", b"https://example.com")]}
    assert [True, False] == [is_cross_origin("POST", StarletteHeaders(scope=each)) for each in (foreign, own)]


@law("cross-origin-needs-host")
@pytest.mark.parametrize("headers", [{}, {"Host": HOST}, {"host": ""}, {"Host": HOST, "Sec-Fetch-Site": "same-origin"}])
def test_a_form_is_refused_where_no_host_is_found(headers: dict[str, str]) -> None:
    """A dict that tells letter cases apart refuses every form, rather than none."""
    assert is_cross_origin("POST", headers)


@law("cross-origin-asks-origin")
@given(
    method=st.text(),
    headers=st.dictionaries(st.sampled_from(["host", "origin", "sec-fetch-site"]), st.text(max_size=40)),
)
@example("POST", {"host": "a", "origin": "http://\ud800"})
def test_no_header_is_too_odd_for_an_answer(method: str, headers: dict[str, str]) -> None:
    """Any text in any header is answered, and an origin in which the host does not stand is refused."""
    answer = is_cross_origin(method, headers)
    if method not in SAFE and "origin" in headers and headers.get("host", "").lower() not in headers["origin"].lower():
        assert answer is (headers.get("sec-fetch-site") not in OWN)


hosts = st.builds("{}{}".format, st.sampled_from([HOST, "Example.com", "a.example.com", "[::1]", "10.0.0.1"]), PORTS)


@law("cross-origin-asks-origin")
@given(scheme=st.sampled_from(["http", "https", "HTTPS", "ws", "file"]), of_origin=hosts, host=hosts)
def test_origins_are_compared_as_addresses(scheme: str, of_origin: str, host: str) -> None:
    """What passes is the scheme of a page whose host and port are those of the request, as urllib reads both."""

    def address(text: str) -> tuple[str | None, int | None]:
        parts = urlsplit(f"{scheme}://{text}")
        return parts.hostname, parts.port or DEFAULT_PORTS.get(parts.scheme)

    own = scheme.lower() in DEFAULT_PORTS and address(of_origin) == address(host)
    assert own is not refused(origin=f"{scheme}://{of_origin}", host=host)


@law("cross-origin-trusts")
@pytest.mark.parametrize(
    "origin",
    [
        "example.com",
        "https://example.com/",
        "https://Example.com",
        "https://example.com:443",
        "http://example.com:80",
        "https://*.example.com",
        "https://user@example.com",
        "https://example.com:080",
        "//example.com",
        "null",
        "*",
        "",
        7,
    ],
)
def test_a_trusted_origin_that_no_browser_sends_is_refused(origin: Any) -> None:
    """An origin that could never match is an error that says what is wanted."""
    with pytest.raises(ValidationError, match=r"trusted_origins\n.*such as https://example.com"):
        is_cross_origin("POST", {"host": HOST}, trusted_origins=[origin])


@law("cross-origin-trusts")
@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("method", None),
        ("method", b"POST"),
        ("headers", None),
        ("headers", [(b"host", b"example.com")]),
        ("trusted_origins", "https://example.com"),
        ("trusted_origins", None),
    ],
)
def test_a_wrong_argument_is_refused_by_name(parameter: str, value: Any) -> None:
    """Each argument of a wrong type is named."""
    arguments: dict[str, Any] = {"method": "GET", "headers": {"host": HOST}, "trusted_origins": (), parameter: value}
    with pytest.raises(ValidationError) as caught:
        is_cross_origin(**arguments)
    assert [(parameter,)] == [error["loc"] for error in caught.value.errors()]
