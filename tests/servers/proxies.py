"""Loopback proxies between a client and a server: one that ends TLS, one that loses answers."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread

Wrap = Callable[[socket.socket], socket.socket]
Passes = Callable[[bytes], bool]


@contextmanager
def proxy(target: int, wrap: Wrap = lambda client: client, passes: Passes = lambda answer: True) -> Iterator[int]:
    """Listen on a free port and pass everything on to another one; an answer that does not pass ends the connection."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        Thread(target=_serve, args=(listening, target, wrap, passes), daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


def ending_tls(context: ssl.SSLContext) -> Wrap:
    return lambda client: context.wrap_socket(client, server_side=True)


def _serve(listening: socket.socket, target: int, wrap: Wrap, passes: Passes) -> None:
    with suppress(OSError):
        while True:
            client, _ = listening.accept()
            Thread(target=_connect, args=(client, target, wrap, passes), daemon=True).start()


def _connect(client: socket.socket, target: int, wrap: Wrap, passes: Passes) -> None:
    with suppress(OSError), wrap(client) as near, socket.create_connection(("127.0.0.1", target)) as far:
        back = Thread(target=_pump, args=(far, near, passes), daemon=True)
        back.start()
        _pump(near, far, lambda question: True)
        back.join()


def _pump(source: socket.socket, sink: socket.socket, passes: Passes) -> None:
    with suppress(OSError):
        while (data := source.recv(65536)) and passes(data):
            sink.sendall(data)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
