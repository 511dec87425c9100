"""Web sites of the tests' own, which answer with whatever header a test asks for and keep what they were sent."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import trustme

HTML = '<!doctype html><title>A page</title><link rel="icon" href="data:,"><p>A page'  # no request for an icon


@dataclass
class Site:
    """One server under every name: what it answers next, and the requests it got."""

    scheme: str
    port: int
    set_cookies: list[bytes] = field(default_factory=list)
    requests: list[tuple[str, Message]] = field(default_factory=list)

    def origin(self, host: str) -> str:
        return f"{self.scheme}://{host}:{self.port}"

    def url(self, host: str, path: str = "/") -> str:
        return self.origin(host) + path

    def answer(self, path: str, headers: Message) -> bytes:
        self.requests.append((path, headers))
        cookies = b"".join(b"Set-Cookie: %b\r\n" % header for header in self.set_cookies)
        self.set_cookies = []
        body = HTML.encode()
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nCache-Control: no-store\r\nContent-Length: %d\r\n"
        return head % len(body) + cookies + b"\r\n" + body


@contextmanager
def serving(scheme: str) -> Iterator[Site]:
    """Serve over HTTP or HTTPS on a free port; headers are sent byte by byte as they are, valid or not."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.wfile.write(site.answer(self.path, self.headers))

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"] or 0))
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: object) -> None:
            pass  # a browser that closes while it is answered

    with Server(("127.0.0.1", 0), Handler) as server:
        site = Site(scheme, server.server_address[1])
        if scheme == "https":
            server.socket = _tls().wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()


def _tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("shop.test", "*.shop.test").configure_cert(context)
    return context
