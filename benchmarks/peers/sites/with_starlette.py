"""Starlette's sessions: all data in a signed cookie."""

import asyncio
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from benchmarks.peers.sites.serving import ABSOLUTE, HOST_COOKIE, IDLE, SECRET, USER, hold, order, serve_asgi

OPTIONS: dict[str, dict[str, Any]] = {
    "default": {},
    "host": {"session_cookie": HOST_COOKIE, "https_only": True},
    "idle": {"max_age": IDLE},
    "absolute": {"max_age": ABSOLUTE},
    "both": {"max_age": IDLE},
}


async def who(request: Request) -> Response:
    return await answer(request, request.session.get("user", ""))


async def note(request: Request) -> Response:
    if request.method == "POST":
        request.session["note"] = "kept"
    return await answer(request, request.session.get("note", ""))


async def log_in(request: Request) -> Response:
    request.session.clear()
    request.session["user"] = USER
    return Response()


async def log_out(request: Request) -> Response:
    request.session.clear()
    return Response()


async def answer(request: Request, text: str) -> Response:
    if "hold" in request.query_params:
        await asyncio.to_thread(hold)
    return PlainTextResponse(text)


ROUTES = [
    Route("/who", who),
    Route("/note", note, methods=["GET", "POST"]),
    Route("/log-in", log_in, methods=["POST"]),
    Route("/log-out", log_out, methods=["POST"]),
]

if __name__ == "__main__":
    options = OPTIONS[order().mode]
    middleware = [Middleware(SessionMiddleware, secret_key=SECRET, **options)]
    serve_asgi(Starlette(routes=ROUTES, middleware=middleware), "starlette")
