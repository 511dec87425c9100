"""Applications that are served on this machine as their own documentation serves them, on a free port."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Thread
from typing import Any

import uvicorn
from werkzeug.serving import make_server


@contextmanager
def serving_wsgi(app: Any) -> Iterator[str]:
    """Serve an application in threads, and yield its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def serving_asgi(app: Any) -> Iterator[str]:
    """Serve an application on a loop of its own, and yield its address."""
    config = uvicorn.Config(app, log_level="warning", ws="none", timeout_graceful_shutdown=5)
    server = uvicorn.Server(config)
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        thread = Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
