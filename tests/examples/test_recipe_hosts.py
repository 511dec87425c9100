"""A request for another host, and paths with slashes too many, in each recipe: no redirect leaves the site."""

import socket
from urllib.parse import urlsplit

import pytest

from tests.examples.sites import ALICE, Site

REQUESTS = [
    "GET //",
    "GET //devices",
    "GET ///devices",
    "GET /devices/",
    "GET /devices//",
    "GET //evil.example",
    "GET //evil.example/..//devices",
    "GET /.//devices",
    "POST /logout/",
    "POST //logout",
    "POST /devices//sign-out-others",
]


def ask(site: Site, request: str, host: str) -> list[str]:
    """Return the lines of the answer before its body; httpx would tidy the path up."""
    address = urlsplit(site.url)
    with socket.create_connection((str(address.hostname), address.port or 0), timeout=30) as connection:
        connection.sendall(
            f"{request} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".encode()
        )
        with connection.makefile("rb") as answer:
            return answer.read().partition(b"\r\n\r\n")[0].decode().split("\r\n")


@pytest.mark.parametrize("request_line", REQUESTS)
def test_a_slash_too_many_leads_nowhere(recipe: Site, request_line: str) -> None:
    """No path is redirected to the Host that was sent, whatever slashes it has."""
    _, *headers = ask(recipe, request_line, "evil.example")
    assert [] == [line for line in headers if "evil.example" in line]
    assert {line.partition(": ")[2] for line in headers if line.lower().startswith("location:")} <= {"/"}


def test_a_redirect_names_no_host(recipe: Site) -> None:
    """Where a visitor is sent home the answer has a path alone."""
    headers = ask(recipe, "GET /devices", urlsplit(recipe.url).netloc)
    assert ["/"] == [line.partition(": ")[2] for line in headers if line.lower().startswith("location:")]


@pytest.mark.parametrize("served", ["Django-ASGI", "Django-WSGI"], indirect=True)
def test_django_keeps_to_its_hosts(recipe: Site) -> None:
    """A host that is not in ALLOWED_HOSTS is answered with 400, and the storage is not asked."""
    with recipe.device(ALICE) as device:
        recipe.storage.calls.clear()
        assert 400 == device.get("/", headers={"Host": "evil.example"}).status_code
        assert [] == recipe.storage.calls
