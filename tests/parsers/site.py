"""A site that the HTTP clients of Python talk to: under any host name over HTTP, as localhost over HTTPS."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import trustme


class Site:
    """Answer each request with the cookies that it carried, and set the one in ``set_cookie``."""

    def __init__(self) -> None:
        self.set_cookie = ""
        self.authority = trustme.CA()
        self.plain = self._server()
        self.tls = self._server()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert("localhost").configure_cert(context)
        self.tls.socket = context.wrap_socket(self.tls.socket, server_side=True)

    @property
    def proxy(self) -> str:
        """The plain server as a proxy: so a client reaches it under the name of any host."""
        return f"http://127.0.0.1:{self.plain.server_port}"

    @property
    def https(self) -> str:
        return f"https://localhost:{self.tls.server_port}"

    @property
    def trust(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        self.authority.configure_trust(context)
        return context

    def _server(self) -> ThreadingHTTPServer:
        site = self

        class Page(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one packet: no wait for an acknowledgement between them

            def do_GET(self) -> None:
                body = (self.headers.get("Cookie") or "").encode("latin-1")
                self.send_response(200)
                if site.set_cookie:
                    self.send_header("Set-Cookie", site.set_cookie)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Print nothing."""

        return ThreadingHTTPServer(("127.0.0.1", 0), Page)


@contextmanager
def running() -> Iterator[Site]:
    """Run both servers of a site."""
    site = Site()
    with site.plain, site.tls:
        threads = [threading.Thread(target=server.serve_forever, args=(0.01,)) for server in (site.plain, site.tls)]
        for thread in threads:
            thread.start()
        try:
            yield site
        finally:
            for server, thread in zip((site.plain, site.tls), threads, strict=True):
                server.shutdown()
                thread.join()
