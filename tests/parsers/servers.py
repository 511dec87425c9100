"""A WSGI and an ASGI server whose pages show the session that each reader finds in the request."""

import json
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote
from wsgiref.simple_server import WSGIRequestHandler, make_server

import uvicorn

from cross_auth import read_session_cookie
from tests.parsers.outcomes import session_of
from tests.parsers.readers import OF_ASGI, OF_WSGI


def shown(reader: Callable[[Any], Any], request: Any, header: str) -> bytes:
    return json.dumps([session_of(lambda: reader(request)), read_session_cookie(header)]).encode()


def of_wsgi(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "application/json")])
    return [shown(OF_WSGI[environ["PATH_INFO"][1:]], environ, environ["HTTP_COOKIE"])]


async def of_asgi(scope: Any, receive: object, send: Callable[..., Any]) -> None:
    header = next(value for name, value in scope["headers"] if name == b"cookie").decode("latin-1")
    body = shown(OF_ASGI[unquote(scope["path"])[1:]], scope, header)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": body})


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Print nothing."""


@contextmanager
def running() -> Iterator[dict[str, int]]:
    """Run both, and tell the port of each reader."""
    wsgi = make_server("127.0.0.1", 0, of_wsgi, handler_class=Quiet)
    asgi = uvicorn.Server(uvicorn.Config(of_asgi, lifespan="off", log_level="error", http="h11", ws="none"))
    with wsgi, socket.create_server(("127.0.0.1", 0)) as listening:
        serving = [threading.Thread(target=wsgi.serve_forever, args=(0.01,))]
        serving.append(threading.Thread(target=asgi.run, args=([listening],)))
        for thread in serving:
            thread.start()
        try:
            yield dict.fromkeys(OF_WSGI, wsgi.server_port) | dict.fromkeys(OF_ASGI, listening.getsockname()[1])
        finally:
            asgi.should_exit = True
            wsgi.shutdown()
            for thread in serving:
                thread.join()
