"""A JWT; the algorithm is the second argument after the order."""

import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt  # type: ignore[import-not-found]  # the peers' packages are elsewhere
from cryptography.hazmat.primitives.asymmetric import ec

from benchmarks.peers.speed.serving import serve
from benchmarks.peers.speed.worker import LIFETIME, Sessions

ALGORITHM = sys.argv[2]
if ALGORITHM == "ES256":
    secret: Any = ec.generate_private_key(ec.SECP256R1())
    public: Any = secret.public_key()
else:
    secret = public = b"a secret of this run, which is kept nowhere else"


def create(user: str) -> Any:
    claims = {"sub": user, "exp": datetime.now(UTC) + timedelta(seconds=LIFETIME)}
    return jwt.encode(claims, secret, ALGORITHM)


def get(token: str) -> Any:
    try:
        return jwt.decode(token, public, [ALGORITHM])["sub"]
    except jwt.InvalidTokenError:
        return None


if __name__ == "__main__":
    serve(Sessions(create, get, None), "PyJWT")
