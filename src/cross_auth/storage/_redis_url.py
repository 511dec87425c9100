"""A client of redis-py from a URL, whose every wait has an end."""

from typing import Any

import redis
from redis.backoff import NoBackoff

from cross_auth.storage._outage import outage

_UNLIMITED = 2**31  # redis-py refuses the hundred-and-first call at a time, unless it is told otherwise


def make_client(package: Any, retry: Any, url: str, *, retries: int, **options: object) -> Any:
    """Return a client of ``redis`` or ``redis.asyncio``, of a server or of a cluster; ``None`` is no option.

    Only a lost connection is tried again: what a server does not answer in time it may have done.
    """
    given = {"max_connections": _UNLIMITED} | {name: value for name, value in options.items() if value is not None}
    given["retry"] = retry(NoBackoff(), retries, supported_errors=(redis.ConnectionError,))
    scheme, _, place = url.partition("://")
    kind = package.RedisCluster if scheme in ("redis+cluster", "rediss+cluster") else package.Redis
    failure: Exception | None = None
    try:
        client = kind.from_url(f"{scheme.removesuffix('+cluster')}://{place}", **given)
        if hasattr(client, "connection_pool"):  # an option that no connection has is known when one is made
            client.connection_pool.connection_class(**client.connection_pool.connection_kwargs)
        if "#" not in url:  # of a password that was not encoded
            return client
    except (TypeError, ValueError):  # it may show the password
        pass
    except (redis.RedisError, redis.exceptions.RedisClusterException) as error:
        failure = error
    if failure is None:
        wanted = "redis://, rediss://, unix:// or redis+cluster://"
        raise ValueError(f"url should be {wanted}, with a password percent-encoded")
    raise outage("Redis Cluster", failure, ())
