"""The site of the examples on each framework, served on this machine as its own documentation serves it."""

import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

import uvicorn
from werkzeug.serving import make_server

from cross_auth.storage.memory import AsyncMemoryStorage, MemoryStorage
from examples import django_app, fastapi_app, flask_app, litestar_app, showcase, starlette_app
from tests.browsers.exchanges import Exchange, recorded_asgi, recorded_wsgi

ASYNC: dict[str, Callable[[Any], Any]] = {
    "FastAPI": fastapi_app.create_app,
    "Starlette": starlette_app.create_app,
    "Litestar": litestar_app.create_app,
    "showcase": lambda storage: showcase.create_app(nullcontext(storage)),
}
SYNC: dict[str, Callable[[Any], Any]] = {"Flask": flask_app.create_app, "Django": django_app.create_app}
NAMES = [*SYNC, *ASYNC]


def make_storage(name: str) -> Any:
    return MemoryStorage() if name in SYNC else AsyncMemoryStorage()


@dataclass(frozen=True)
class Served:
    """A recipe that runs: where, and what it answered."""

    url: str
    exchanges: list[Exchange] = field(default_factory=list)

    def last(self, path: str) -> Exchange:
        return [each for each in self.exchanges if each.path == path][-1]


@contextmanager
def serving(name: str, storage: Any) -> Iterator[Served]:
    """Serve a recipe over a storage."""
    exchanges: list[Exchange] = []
    if name in SYNC:
        serve = _serve_wsgi(recorded_wsgi(SYNC[name](storage), exchanges))
    else:
        serve = _serve_asgi(recorded_asgi(ASYNC[name](storage), exchanges))
    with serve as port:
        yield Served(f"http://127.0.0.1:{port}", exchanges)


@contextmanager
def _serve_wsgi(app: Any) -> Iterator[int]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def _serve_asgi(app: Any) -> Iterator[int]:
    config = uvicorn.Config(app, log_level="warning", ws="none", timeout_graceful_shutdown=5)
    server = uvicorn.Server(config)
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        thread = Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()
