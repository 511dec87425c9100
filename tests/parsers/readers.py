"""How each framework, and http.cookies, reads the ``Cookie`` header of a request."""

from collections.abc import Callable, Mapping
from http.cookies import SimpleCookie
from io import BytesIO
from typing import Any

import fastapi
import flask
import litestar
import werkzeug.http
from django.conf import settings as django_settings
from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.wsgi import WSGIRequest

if not django_settings.configured:
    django_settings.configure()

NAME = "session_id"  # the cookie of SessionConfig()

Cookies = Mapping[str, str]


def by_http_cookies(environ: dict[str, Any]) -> Cookies:
    return {name: morsel.value for name, morsel in SimpleCookie(environ["HTTP_COOKIE"]).items()}


def by_flask(environ: dict[str, Any]) -> Cookies:
    return flask.Request(environ).cookies


def by_werkzeug(environ: dict[str, Any]) -> Cookies:
    return werkzeug.http.parse_cookie(environ)


def by_django_wsgi(environ: dict[str, Any]) -> Cookies:
    found: dict[str, str] = WSGIRequest(environ).COOKIES
    return found


def by_django_asgi(scope: Any) -> Cookies:
    found: dict[str, str] = ASGIRequest(scope, BytesIO()).COOKIES
    return found


def by_fastapi(scope: Any) -> Cookies:
    return fastapi.Request(scope).cookies


def by_litestar(scope: Any) -> Cookies:
    return litestar.Request(scope).cookies


OF_WSGI: dict[str, Callable[[dict[str, Any]], Cookies]] = {
    "http.cookies": by_http_cookies,
    "Flask": by_flask,
    "werkzeug.http": by_werkzeug,
    "Django (WSGI)": by_django_wsgi,
}
OF_ASGI: dict[str, Callable[[Any], Cookies]] = {
    "Django (ASGI)": by_django_asgi,
    "FastAPI": by_fastapi,
    "Litestar": by_litestar,
}
READERS = (*OF_WSGI, *OF_ASGI)


def read(reader: str, header: str) -> Cookies:
    """Return the cookies of a header, one character an octet, as a server hands it to a framework."""
    if reader in OF_WSGI:
        return OF_WSGI[reader]({"HTTP_COOKIE": header, "REQUEST_METHOD": "GET", "wsgi.input": BytesIO()})
    request = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "state": {}}
    return OF_ASGI[reader]({**request, "headers": [(b"cookie", header.encode("latin-1"))]})
