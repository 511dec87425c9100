"""Applications whose exchanges are kept, as their server saw them; the tools of a browser do not tell them whole."""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from email.message import Message
from typing import Any


@dataclass(frozen=True)
class Exchange:
    """A request and how it was answered."""

    path: str
    request: Message
    status: int
    set_cookies: list[str]


def recorded_wsgi(app: Any, exchanges: list[Exchange]) -> Callable[..., Iterable[bytes]]:
    def call(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Message()
        for name, value in environ.items():
            if name.startswith("HTTP_"):
                request[name.removeprefix("HTTP_").replace("_", "-")] = value

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            cookies = [value for name, value in headers if name.lower() == "set-cookie"]
            exchanges.append(Exchange(environ["PATH_INFO"], request, int(status[:3]), cookies))
            return start_response(status, headers, *rest)

        answer: Iterable[bytes] = app(environ, start)
        return answer

    return call


def recorded_asgi(app: Any, exchanges: list[Exchange]) -> Callable[..., Awaitable[None]]:
    async def call(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        request = Message()
        for name, value in scope.get("headers", ()):
            request[name.decode()] = value.decode("latin-1")

        async def keep(event: MutableMapping[str, Any]) -> None:
            if event["type"] == "http.response.start":
                cookies = [value.decode() for name, value in event["headers"] if name == b"set-cookie"]
                exchanges.append(Exchange(scope["path"], request, event["status"], cookies))
            await send(event)

        await app(scope, receive, keep)

    return call
