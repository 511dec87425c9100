"""A kept connection to the site, over which one request follows the other: h11 on a socket, and nothing more."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from time import perf_counter
from typing import Self
from urllib.parse import urlencode

import h11

from benchmarks.load_site import HEADER

PATIENCE = 30  # seconds for an answer
AT_ONCE = 20  # connections that are opened


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[bytes, bytes]
    text: str
    seconds: float

    @property
    def location(self) -> str:
        return self.headers.get(b"location", b"").decode()

    @property
    def cookie(self) -> str:
        """Return the value that the answer sets, empty where it sets none or clears it."""
        value = self.headers.get(b"set-cookie", b"").partition(b"=")[2].partition(b";")[0]
        return value.decode().strip('"')

    @property
    def worker(self) -> int:
        return int(self.headers.get(HEADER, b"0"))


class Connection:
    """A connection that is made when it is first needed, and anew after one that was lost."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._http: h11.Connection | None = None
        self.worker = 0

    @classmethod
    async def open(cls, port: int) -> Self:
        """Connect, and learn which worker answers."""
        connection = cls(port)
        connection.worker = (await connection.ask("/no-such-page")).worker
        return connection

    async def ask(self, path: str, cookie: str = "", form: dict[str, str] | None = None) -> Answer:
        """Send a request, a POST where there is a form, and return the whole answer."""
        request, data = _request(path, cookie, form)
        start = perf_counter()
        http, self._http = self._http, None  # after an error there is none
        async with asyncio.timeout(PATIENCE):
            http = http or await self._connect()
            self._writer.write(b"".join(http.send(each) or b"" for each in (request, data, h11.EndOfMessage())))
            response, text = await self._receive(http)
        http.start_next_cycle()
        self._http = http
        return Answer(response.status_code, dict(response.headers), text, perf_counter() - start)

    async def _connect(self) -> h11.Connection:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        return h11.Connection(h11.CLIENT)

    async def _receive(self, http: h11.Connection) -> tuple[h11.Response, str]:
        parts: list[bytes] = []
        response = None
        while True:
            event = http.next_event()
            if event is h11.NEED_DATA:
                http.receive_data(await self._reader.read(65536))
            elif isinstance(event, h11.Response):
                response = event
            elif isinstance(event, h11.Data):
                parts.append(bytes(event.data))
            elif isinstance(event, h11.EndOfMessage) and response is not None:
                return response, b"".join(parts).decode()
            else:
                raise ConnectionError(f"the site sent {type(event).__name__}")

    async def close(self) -> None:
        if self._http:
            self._writer.close()
            with suppress(OSError):
                await self._writer.wait_closed()


def _request(path: str, cookie: str, form: dict[str, str] | None) -> tuple[h11.Request, h11.Data]:
    body = urlencode(form or {}).encode()
    headers = [("host", "127.0.0.1"), ("user-agent", "curl/8.5.0")]
    if cookie:
        headers.append(("cookie", f"session_id={cookie}"))
    if form is not None:
        headers += [("content-type", "application/x-www-form-urlencoded"), ("content-length", str(len(body)))]
    return h11.Request(method="GET" if form is None else "POST", target=path, headers=headers), h11.Data(data=body)


@asynccontextmanager
async def connected(port: int, clients: int, workers: int) -> AsyncIterator[list[list[Connection]]]:
    """Open for each client a connection to each worker; which of them takes a connection is chance."""
    opened: dict[int, list[Connection]] = {}
    try:
        while len(opened) < workers or any(len(each) < clients for each in opened.values()):
            for connection in await asyncio.gather(*(Connection.open(port) for _ in range(AT_ONCE))):
                of_worker = opened.setdefault(connection.worker, [])
                if len(of_worker) < clients:
                    of_worker.append(connection)
                else:
                    await connection.close()
        yield [list(each) for each in zip(*opened.values(), strict=True)]
    finally:
        await asyncio.gather(*(connection.close() for each in opened.values() for connection in each))
