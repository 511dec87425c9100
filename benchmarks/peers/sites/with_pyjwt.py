"""A JWT in a cookie, as many sites have it: nothing is stored."""

import asyncio
from datetime import UTC, datetime, timedelta

import jwt  # type: ignore[import-not-found]  # the peers' packages are elsewhere
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from benchmarks.peers.sites.serving import ABSOLUTE, HOST_COOKIE, IDLE, SECRET, USER, hold, order, serve_asgi
from benchmarks.peers.verdicts import NONE

KEY = SECRET.encode()
LIFETIME = IDLE if order().mode in ("idle", "both") else ABSOLUTE


def user_of(request: Request) -> str:
    try:
        claims = jwt.decode(request.cookies.get(HOST_COOKIE, ""), KEY, ["HS256"])
    except jwt.InvalidTokenError:
        return ""
    return str(claims["sub"])


async def who(request: Request) -> Response:
    text = user_of(request)
    if "hold" in request.query_params:
        await asyncio.to_thread(hold)
    return PlainTextResponse(text)


async def log_in(request: Request) -> Response:
    token = jwt.encode({"sub": USER, "exp": datetime.now(UTC) + timedelta(seconds=LIFETIME)}, KEY, "HS256")
    response = Response()
    response.set_cookie(HOST_COOKIE, token, secure=True, httponly=True)
    return response


async def log_out(request: Request) -> Response:
    response = Response()
    response.delete_cookie(HOST_COOKIE, secure=True, httponly=True)
    return response


ROUTES = [
    Route("/who", who),
    Route("/log-in", log_in, methods=["POST"]),
    Route("/log-out", log_out, methods=["POST"]),
]

if __name__ == "__main__":
    # The cookie is the application's.
    serve_asgi(Starlette(routes=ROUTES), "PyJWT", cookie=NONE, clears=NONE, clears_host=NONE)
