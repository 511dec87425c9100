"""The server-side sessions of Litestar: its backend, on one of its stores."""

from pathlib import Path
from typing import Any

from litestar.middleware.session.server_side import ServerSideSessionBackend, ServerSideSessionConfig
from litestar.stores.file import FileStore
from litestar.stores.memory import MemoryStore
from litestar.stores.redis import RedisStore
from litestar.stores.valkey import ValkeyStore

from benchmarks.peers.speed.serving import order, serve
from benchmarks.peers.speed.worker import LIFETIME, Sessions

ORDER = order()
MAKERS: dict[str, Any] = {
    "memory": MemoryStore,
    "files": lambda: FileStore(Path(ORDER.folder)),
    "Redis": lambda: RedisStore.with_client(ORDER.url),
    "Redis by valkey": lambda: ValkeyStore.with_client(ORDER.url.replace("redis:", "valkey:")),
}
store = MAKERS[ORDER.store]()
backend = ServerSideSessionBackend(ServerSideSessionConfig(max_age=LIFETIME))


async def create(user: str) -> str:
    session_id = backend.generate_session_id()
    await backend.set(session_id, backend.serialize_data({"user": user}), store)
    return session_id


async def get(session_id: str) -> Any:
    data = await backend.get(session_id, store)
    return None if data is None else backend.deserialize_data(data).get("user")


async def delete(session_id: str) -> None:
    await backend.delete(session_id, store)


if __name__ == "__main__":
    serve(Sessions(create, get, delete), "litestar")
