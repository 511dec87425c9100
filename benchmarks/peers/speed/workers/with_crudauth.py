"""The session manager of crudauth, with ids that are hashed as its transport has it, and without tokens for forms.

The second argument after the order says whether a read writes that there was activity, as it does by default.
"""

import sys
from typing import Any

from crudauth.storage.backends.memory import MemorySessionStorage  # type: ignore[import-not-found]  # the peers'
from crudauth.storage.backends.redis import RedisSessionStorage  # type: ignore[import-not-found]  # as above
from crudauth.transports.session.manager import SessionManager  # type: ignore[import-not-found]  # as above
from starlette.requests import Request

from benchmarks.peers.speed.serving import order, serve
from benchmarks.peers.speed.worker import LIFETIME, Sessions

ORDER, NOTES_ACTIVITY = order(), sys.argv[2] == "activity"
options: dict[str, Any] = {"prefix": "session:", "expiration": LIFETIME}
storage: Any = (
    RedisSessionStorage(redis_url=ORDER.url, **options) if ORDER.store == "Redis" else MemorySessionStorage(**options)
)
manager: Any = SessionManager(
    storage, session_timeout_minutes=LIFETIME // 60, key_secret="a secret of this run, which is kept nowhere else"
)
LOG_IN = Request({"type": "http", "method": "POST", "path": "/log-in", "headers": [], "client": ("127.0.0.1", 1)})


async def create(user: str) -> str:
    return str((await manager.create_session(LOG_IN, user))[0])


async def get(session_id: str) -> Any:
    session = await manager.validate_session(session_id, update_activity=NOTES_ACTIVITY)
    return None if session is None else session.user_id


async def delete(session_id: str) -> None:
    await manager.terminate_session(session_id)


if __name__ == "__main__":
    serve(Sessions(create, get, delete), "crudauth")
