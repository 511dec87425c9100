"""This library on Redis, awaited."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse

from benchmarks.peers.sites.serving import ABSOLUTE, IDLE, USER, hold, order, serve_asgi
from cross_auth import SessionConfig, make_clear_cookie, make_session_cookie, read_session_cookie
from cross_auth.aio import (
    create_session,
    delete_session,
    get_session,
    list_sessions,
    renew_session,
    revoke_sessions,
    touch_session,
)
from cross_auth.storage.redis import AsyncRedisStorage

LIMITS: dict[str, dict[str, Any]] = {
    "idle": {"idle_timeout": IDLE},
    "absolute": {"max_age": ABSOLUTE},
    "both": {"idle_timeout": IDLE, "max_age": ABSOLUTE},
}
CONFIG = SessionConfig.host_prefixed() if order().mode == "host" else SessionConfig()
storage = AsyncRedisStorage.from_url(order().redis)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with storage:
        yield


app = FastAPI(lifespan=lifespan)


def id_of(request: Request) -> str | None:
    return read_session_cookie(request.headers.get("cookie"), CONFIG)


@app.get("/who")
async def who(request: Request) -> Response:
    session_id = id_of(request)
    read = touch_session if order().mode in ("idle", "both") else get_session
    session = await read(session_id, storage) if session_id else None
    return await answer(request, session.user_id if session else "")


@app.post("/note")
async def touch(request: Request) -> Response:
    """Mark activity: of all that a session has, this alone changes."""
    if session_id := id_of(request):
        await touch_session(session_id, storage)
    return await answer(request, "")


@app.get("/note")
async def note() -> Response:
    return PlainTextResponse("")


@app.post("/log-in")
async def log_in(request: Request) -> Response:
    options = LIMITS.get(order().mode, {})
    session_id, session = await create_session(USER, storage, replaces=id_of(request), **options)
    return with_cookie(make_session_cookie(session_id, CONFIG, expires_at=session.expires_at).to_header())


@app.post("/log-out")
async def log_out(request: Request) -> Response:
    if session_id := id_of(request):
        await delete_session(session_id, storage)
    return with_cookie(make_clear_cookie(CONFIG).to_header())


@app.post("/renew")
async def renew(request: Request) -> Response:
    renewed = await renew_session(id_of(request) or "", storage)
    await answer(request, "")
    return with_cookie(make_session_cookie(renewed[0], CONFIG).to_header()) if renewed else Response()


@app.get("/sessions")
async def listed() -> Response:
    return PlainTextResponse(str(len(await list_sessions(USER, storage))))


@app.post("/end-others")
async def end_others(request: Request) -> Response:
    await revoke_sessions(USER, storage, keep=id_of(request))
    return Response()


def with_cookie(header: str) -> Response:
    return Response(headers={"Set-Cookie": header})


async def answer(request: Request, text: str) -> Response:
    if "hold" in request.query_params:
        await asyncio.to_thread(hold)
    return PlainTextResponse(text)


if __name__ == "__main__":
    serve_asgi(app, "cross-auth-sessions")
