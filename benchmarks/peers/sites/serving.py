"""What every site has: a server on loopback, a clock that can be moved, and requests that wait until they are let go.

It runs with the peers' packages as well as with ours, so it imports nothing that only one of them has.
"""

import json
import os
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from threading import Event, Thread
from time import time
from typing import Any

import time_machine

USER = "alice"
IDLE = 1800  # seconds, in every site that is asked for an idle limit
ABSOLUTE = 7200
HOST_COOKIE = "__Host-session"  # of every site whose cookie shall be one of those
SECRET = "a secret of this run, which is kept nowhere else"  # for the sites that sign

_let_go = Event()


@dataclass(frozen=True)
class Order:
    """What a site shall be: its mode, the URL of its Redis and a folder for its files."""

    mode: str
    redis: str
    folder: str

    def file(self, name: str) -> Path:
        return Path(self.folder, name)


def order() -> Order:
    return Order(**json.loads(sys.argv[1]))


def tell(**facts: object) -> None:
    print(json.dumps(facts), flush=True)


def hold() -> None:
    """Say that the request has done its work, and keep its answer back until it is let go."""
    tell(held=True)
    _let_go.wait(60)
    _let_go.clear()


def serve_asgi(app: Any, distribution: str, **facts: str) -> None:
    """Serve the application; the facts are what is to be said of an answer."""
    import uvicorn

    listening = socket.create_server(("127.0.0.1", 0))
    _start(listening.getsockname()[1], distribution, facts)
    uvicorn.Server(uvicorn.Config(app, log_level="critical")).run([listening])


def serve_wsgi(app: Any, distribution: str, **facts: str) -> None:
    """Serve the application on a few threads, which keep their connections as those of other servers do."""
    from werkzeug.serving import ThreadedWSGIServer

    threads = ThreadPoolExecutor(3)

    class Server(ThreadedWSGIServer):
        def process_request(self, request: Any, client_address: Any) -> None:
            threads.submit(self.process_request_thread, request, client_address)

    server = Server("127.0.0.1", 0, app)
    _start(server.port, distribution, facts)
    server.serve_forever()


def _start(port: int, distribution: str, facts: dict[str, str]) -> None:
    Thread(target=_obey, daemon=True).start()
    tell(port=port, version=metadata.version(distribution), facts=facts)


def _obey() -> None:
    """Do what the other side of the pipe says; where it is gone, end."""
    now = time()
    clock = time_machine.travel(now).start()
    for line in sys.stdin:
        command = json.loads(line)
        if "advance" in command:
            clock.shift(command["advance"])
        else:
            _let_go.set()
        tell(done=True)
    os._exit(0)
