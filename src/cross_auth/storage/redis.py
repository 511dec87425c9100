"""Sessions in Redis or Valkey: one server, a Sentinel master or a Cluster."""

from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

try:
    import redis
except ImportError as error:
    raise ImportError("RedisStorage needs the redis extra: pip install 'cross-auth-sessions[redis]'") from error

from redis.retry import Retry

from cross_auth._refusals import check_ttl
from cross_auth.storage import _redis_client, _redis_sets
from cross_auth.storage._outage import outage
from cross_auth.storage._redis_async import AsyncRedisStorage
from cross_auth.storage._redis_url import make_client

__all__ = ["AsyncRedisStorage", "RedisStorage"]


class RedisStorage:
    """Keep sessions in Redis or Valkey: one server, a Sentinel master or a Cluster.

    Takes a sync client of redis-py or valkey-py, which stays the caller's: its time-outs and retries hold,
    and ``close`` leaves it open.
    Every call touches one key, and ``prefix`` stands before each.
    Raises ``TypeError`` for an async client or something else,
    and ``ValueError`` for a client that reads from replicas or from a cache.
    """

    def __init__(self, client: Any, *, prefix: str = "") -> None:
        package = _redis_client.package_of(client, type(self).__name__, asynchronous=False)
        _redis_client.check(client)
        self._client = client
        self._owned = False
        self._prefix = prefix
        self._failures = _redis_client.failures_of(package)
        self._ask = client.execute_command
        self._ask_once = _redis_client.asking_once(client, package)
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

        ``connect_timeout`` and ``timeout`` are in seconds, for a connection and for an answer.
        ``retries`` is how often a lost connection is made anew; an answer that does not come is not asked for again.
        Raises ``ValueError`` for a URL that is none; the message does not hold it.
        Raises ``StorageError`` where a cluster, which is asked for its nodes at once, does not answer.
        """
        client = make_client(
            redis,
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

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        check_ttl(ttl)
        expiry = () if ttl is None else ("EX", ttl)
        self._run(self._ask, "SET", self._prefix + key, value, *expiry)

    def get(self, key: str, /) -> str | None:
        return _redis_client.text(self._run(self._ask, "GET", self._prefix + key))

    def delete(self, key: str, /) -> None:
        self._run(self._ask, "DEL", self._prefix + key)

    def pop(self, key: str, /) -> str | None:
        return _redis_client.text(self._run(self._ask_once, "GETDEL", self._prefix + key))

    def add(self, key: str, member: str, ttl: int, /) -> None:
        check_ttl(ttl, endless=False)
        self._run(self._ask_to_add, "EVAL", self._prefix + key, member, ttl)

    def members(self, key: str, /) -> list[str]:
        return _redis_sets.texts(self._run(self._ask_for_members, "EVAL", self._prefix + key))

    def discard(self, key: str, member: str, /) -> None:
        self._run(self._ask, "ZREM", self._prefix + key, member)

    def close(self) -> None:
        """Close the client if ``from_url`` made it."""
        if self._owned:
            self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self, ask: Callable[..., Any], command: str, *arguments: str | int) -> Any:
        try:
            return ask(command, *arguments)
        except self._failures as error:
            failure = error
        raise outage(f"Redis {command}", failure, arguments)
