"""``RedisStorage``, awaited."""

from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

import redis.asyncio
from redis.asyncio.retry import Retry

from cross_auth._refusals import check_ttl
from cross_auth.storage import _redis_client, _redis_sets
from cross_auth.storage._outage import outage
from cross_auth.storage._redis_url import make_client


class AsyncRedisStorage:
    """Keep sessions in Redis or Valkey: one server, a Sentinel master or a Cluster.

    ``RedisStorage``, awaited, on a client of ``redis.asyncio`` or ``valkey.asyncio``.
    """

    def __init__(self, client: Any, *, prefix: str = "") -> None:
        package = _redis_client.package_of(client, type(self).__name__, asynchronous=True)
        _redis_client.check(client)
        self._client = client
        self._owned = False
        self._prefix = prefix
        self._failures = _redis_client.failures_of(package)
        self._ask = client.execute_command
        self._ask_once = _asking_once(client, package)
        self._ask_to_add = _redis_sets.asking_script(self._ask, _redis_sets.ADD)
        self._ask_for_members = _redis_sets.asking_script(self._ask, _redis_sets.MEMBERS)

    @classmethod
    def from_url(
        cls,
        url: str,
        *,
        prefix: str = "",
        connect_timeout: float = 2.0,
        timeout: float = 2.0,
        retries: int = 1,
        max_connections: int | None = None,
        ssl_ca_certs: str | None = None,
    ) -> Self:
        """Return a storage on a client of its own: ``redis://``, ``rediss://``, ``unix://`` or ``redis+cluster://``.

        As ``RedisStorage.from_url``; a cluster is asked for its nodes at the first call.
        """
        client = make_client(
            redis.asyncio,
            Retry,
            url,
            socket_connect_timeout=connect_timeout,
            socket_timeout=timeout,
            retries=retries,
            max_connections=max_connections,
            ssl_ca_certs=ssl_ca_certs,
        )
        storage = cls(client, prefix=prefix)
        storage._owned = True
        return storage

    async def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        check_ttl(ttl)
        expiry = () if ttl is None else ("EX", ttl)
        await self._run(self._ask, "SET", self._prefix + key, value, *expiry)

    async def get(self, key: str, /) -> str | None:
        return _redis_client.text(await self._run(self._ask, "GET", self._prefix + key))

    async def delete(self, key: str, /) -> None:
        await self._run(self._ask, "DEL", self._prefix + key)

    async def pop(self, key: str, /) -> str | None:
        return _redis_client.text(await self._run(self._ask_once, "GETDEL", self._prefix + key))

    async def add(self, key: str, member: str, ttl: int, /) -> None:
        check_ttl(ttl, endless=False)
        await self._run(self._ask_to_add, "EVAL", self._prefix + key, member, ttl)

    async def members(self, key: str, /) -> list[str]:
        return _redis_sets.texts(await self._run(self._ask_for_members, "EVAL", self._prefix + key))

    async def discard(self, key: str, member: str, /) -> None:
        await self._run(self._ask, "ZREM", self._prefix + key, member)

    async def close(self) -> None:
        """Close the client if ``from_url`` made it."""
        if self._owned:
            await self._client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _run(self, ask: Callable[..., Awaitable[Any]], command: str, *arguments: str | int) -> Any:
        try:
            return await ask(command, *arguments)
        except self._failures as error:
            failure = error
        raise outage(f"Redis {command}", failure, arguments)


def _asking_once(client: Any, package: str) -> Callable[..., Awaitable[Any]]:
    """Return how to send a command that must not be repeated where its answer is lost, as for a sync client."""

    async def ask_cluster(command: str, key: str) -> Any:
        await client.initialize()
        return await client.execute_command(command, key, target_nodes=client.get_node_from_key(key))

    async def ask_server(command: str, key: str) -> Any:
        pool = client.connection_pool
        connection = await (pool.get_connection() if package == "redis" else pool.get_connection(command))
        try:
            await connection.send_command(command, key)
            return await connection.read_response()
        except BaseException:
            await connection.disconnect(nowait=True)  # an answer may still be under way
            raise
        finally:
            await pool.release(connection)

    return ask_cluster if hasattr(client, "get_node_from_key") else ask_server
