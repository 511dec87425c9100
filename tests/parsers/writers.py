"""How each framework writes ``Set-Cookie``, and what its header says."""

from collections.abc import Callable
from typing import Any

import fastapi
import flask
import litestar
from django.http import HttpResponse

import tests.parsers.readers  # noqa: F401  it configures Django

Attributes = dict[str, str]


def by_flask(method: str, arguments: dict[str, Any]) -> str:
    with flask.Flask(__name__).app_context():
        response = flask.Response()
        getattr(response, method)(**arguments)
    return response.headers["Set-Cookie"]


def by_django(method: str, arguments: dict[str, Any]) -> str:
    response = HttpResponse()
    getattr(response, method)(**arguments)
    return str(response.cookies.output(header="").strip())


def by_fastapi(method: str, arguments: dict[str, Any]) -> str:
    response = fastapi.Response()
    getattr(response, method)(**arguments)
    return response.headers["set-cookie"]


def by_litestar(method: str, arguments: dict[str, Any]) -> str:
    response = litestar.Response(content=None)
    getattr(response, method)(**arguments)
    return response.cookies[0].to_encoded_header()[1].decode("latin-1")


WRITERS: dict[str, Callable[[str, dict[str, Any]], str]] = {
    "Flask": by_flask,
    "Django": by_django,
    "FastAPI": by_fastapi,
    "Litestar": by_litestar,
}


def parsed(header: str) -> tuple[str, str, Attributes]:
    """Return the name, the value and the attributes of a header as a browser reads them, letter case aside."""
    pair, *rest = header.split(";")
    name, _, value = pair.partition("=")
    found = [text.strip(" \t").partition("=") for text in rest]
    attributes = {key.lower(): argument for key, _, argument in found}
    assert len(found) == len(attributes)
    attributes["samesite"] = attributes["samesite"].lower()
    if "domain" in attributes:
        attributes["domain"] = attributes["domain"].lower().removeprefix(".")
    return name, value, attributes
