"""The cookie of Starlette's sessions: what its middleware does to write one and to read one."""

import json
from base64 import b64decode, b64encode
from typing import Any

from itsdangerous.exc import BadSignature
from starlette.applications import Starlette
from starlette.middleware.sessions import SessionMiddleware

from benchmarks.peers.speed.serving import serve
from benchmarks.peers.speed.worker import LIFETIME, Sessions

middleware = SessionMiddleware(Starlette(), "a secret of this run, which is kept nowhere else", max_age=LIFETIME)


def create(user: str) -> str:
    return middleware.signer.sign(b64encode(json.dumps({"user": user}).encode())).decode()


def get(cookie: str) -> Any:
    try:
        data = middleware.signer.unsign(cookie.encode(), max_age=middleware.max_age)
    except BadSignature:
        return None
    return json.loads(b64decode(data)).get("user")


if __name__ == "__main__":
    serve(Sessions(create, get, None), "starlette")
