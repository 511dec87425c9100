"""The stores of starsessions, its serializer and its ids; what else its middleware keeps in a session is left out."""

from typing import Any

from redis.asyncio import Redis
from starsessions import InMemoryStore, generate_session_id  # type: ignore[import-not-found]  # the peers' packages
from starsessions.serializers import JsonSerializer  # type: ignore[import-not-found]  # as above
from starsessions.stores.redis import RedisStore  # type: ignore[import-not-found]  # as above

from benchmarks.peers.speed.serving import order, serve
from benchmarks.peers.speed.worker import LIFETIME, Sessions

ORDER = order()
store: Any = RedisStore(connection=Redis.from_url(ORDER.url)) if ORDER.store == "Redis" else InMemoryStore()
serializer: Any = JsonSerializer()


async def create(user: str) -> str:
    session_id: str = generate_session_id()
    return str(await store.write(session_id, serializer.serialize({"user": user}), LIFETIME, LIFETIME))


async def get(session_id: str) -> Any:
    return serializer.deserialize(await store.read(session_id, LIFETIME)).get("user")


async def delete(session_id: str) -> None:
    await store.remove(session_id)


if __name__ == "__main__":
    serve(Sessions(create, get, delete), "starsessions")
