"""The sessions of starsessions on Redis; a log-in and a change of privilege make a new id, as its guide advises."""

import asyncio
from typing import Any

from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starsessions import (  # type: ignore[import-not-found]  # the peers' packages are elsewhere
    SessionAutoloadMiddleware,
    SessionMiddleware,
    regenerate_session_id,
)
from starsessions.stores.redis import RedisStore  # type: ignore[import-not-found]  # as above

from benchmarks.peers.sites.serving import ABSOLUTE, HOST_COOKIE, IDLE, USER, hold, order, serve_asgi

OPTIONS: dict[str, dict[str, Any]] = {
    "default": {},
    "host": {"cookie_name": HOST_COOKIE, "cookie_path": "/"},
    "idle": {"lifetime": IDLE, "rolling": True},
    "absolute": {"lifetime": ABSOLUTE},
    "both": {"lifetime": IDLE, "rolling": True},
}


async def who(request: Request) -> Response:
    return await answer(request, request.session.get("user", ""))


async def note(request: Request) -> Response:
    if request.method == "POST":
        request.session["note"] = "kept"
    return await answer(request, request.session.get("note", ""))


async def log_in(request: Request) -> Response:
    request.session["user"] = USER
    regenerate_session_id(request)
    return Response()


async def log_out(request: Request) -> Response:
    request.session.clear()
    return Response()


async def renew(request: Request) -> Response:
    regenerate_session_id(request)
    return await answer(request, "")


async def answer(request: Request, text: str) -> Response:
    if "hold" in request.query_params:
        await asyncio.to_thread(hold)
    return PlainTextResponse(text)


ROUTES = [
    Route("/who", who),
    Route("/note", note, methods=["GET", "POST"]),
    Route("/log-in", log_in, methods=["POST"]),
    Route("/log-out", log_out, methods=["POST"]),
    Route("/renew", renew, methods=["POST"]),
]

if __name__ == "__main__":
    store = RedisStore(connection=Redis.from_url(order().redis))
    middleware = [
        Middleware(SessionMiddleware, store=store, **OPTIONS[order().mode]),
        Middleware(SessionAutoloadMiddleware),
    ]
    serve_asgi(Starlette(routes=ROUTES, middleware=middleware), "starsessions")
