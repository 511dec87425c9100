"""The server-side sessions of Litestar on Redis."""

import asyncio
from typing import Any

from litestar import Litestar, MediaType, Request, get, post, route
from litestar.enums import HttpMethod
from litestar.middleware.session.server_side import ServerSideSessionConfig
from litestar.stores.redis import RedisStore

from benchmarks.peers.sites.serving import ABSOLUTE, HOST_COOKIE, IDLE, USER, hold, order, serve_asgi

OPTIONS: dict[str, dict[str, Any]] = {
    "default": {},
    "host": {"key": HOST_COOKIE, "secure": True},
    "idle": {"max_age": IDLE, "renew_on_access": True},
    "absolute": {"max_age": ABSOLUTE},
    "both": {"max_age": IDLE, "renew_on_access": True},
}
Asked = Request[Any, Any, Any]


@get("/who", media_type=MediaType.TEXT)
async def who(request: Asked) -> str:
    return await answer(request, request.session.get("user", ""))


@route("/note", http_method=[HttpMethod.GET, HttpMethod.POST], media_type=MediaType.TEXT)
async def note(request: Asked) -> str:
    if request.method == "POST":
        request.session["note"] = "kept"
    return await answer(request, request.session.get("note", ""))


@post("/log-in", media_type=MediaType.TEXT)
async def log_in(request: Asked) -> str:
    request.clear_session()
    request.set_session({"user": USER})
    return ""


@post("/log-out", media_type=MediaType.TEXT)
async def log_out(request: Asked) -> str:
    request.clear_session()
    return ""


async def answer(request: Asked, text: str) -> str:
    if "hold" in request.query_params:
        await asyncio.to_thread(hold)
    return text


if __name__ == "__main__":
    config = ServerSideSessionConfig(**OPTIONS[order().mode])
    stores: Any = {"sessions": RedisStore.with_client(order().redis)}
    app = Litestar([who, note, log_in, log_out], middleware=[config.middleware], stores=stores)
    serve_asgi(app, "litestar")
