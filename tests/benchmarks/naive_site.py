"""A site that does with its sessions what it should not: every question that is asked of sites has to find it."""

import json
from contextlib import suppress
from secrets import token_urlsafe

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from benchmarks.peers.sites.serving import USER, hold, order, serve_asgi

store = Redis.from_url(order().redis, retry=Retry(NoBackoff(), 0))  # an outage is quick


def answer(request: Request) -> Response:
    """Load what the cookie's id leads to, and save it in the end, whatever has become of it."""
    session_id = request.cookies.get("id") or token_urlsafe()
    session: dict[str, str] = {}
    with suppress(RedisError):
        session = json.loads(store.get(session_id) or "{}")
    match (request.method, request.url.path):
        case ("POST", "/log-in"):
            session["user"] = USER
        case ("POST", "/note"):
            session["note"] = "kept"
        case ("POST", "/renew"):
            session_id = token_urlsafe()
        case ("POST", "/log-out"):
            store.delete(session_id)
            return Response(headers={"Set-Cookie": "id=; Path=/elsewhere; Max-Age=0"})
    if "hold" in request.query_params:
        hold()
    with suppress(RedisError):
        store.set(session_id, json.dumps(session))
    texts = {"/who": session.get("user", ""), "/note": session.get("note", ""), "/sessions": "all"}
    headers = {"Set-Cookie": f"id={session_id}; Path=/"}
    return PlainTextResponse(texts.get(request.url.path, ""), headers=headers)


if __name__ == "__main__":
    serve_asgi(Starlette(routes=[Route("/{path}", answer, methods=["GET", "POST"])]), "starlette")
