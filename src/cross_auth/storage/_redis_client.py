"""What a Redis or Valkey client must be to hold sessions, and how it is asked without a retry."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

_PACKAGES = ("redis", "valkey")


def package_of(client: object, storage: str, *, asynchronous: bool) -> str:
    """Return which package a client comes from, or raise ``TypeError`` in words."""
    modules = [kind.__module__.split(".") for kind in type(client).__mro__]
    package = next((each[0] for each in modules if each[0] in _PACKAGES), None)
    if package is None or not callable(getattr(client, "execute_command", None)):
        raise TypeError(f"{storage} needs a client of redis or valkey, not {type(client).__name__}")
    if any("asyncio" in each for each in modules) is not asynchronous:
        kinds = [f"{package}.{type(client).__name__}", f"{package}.asyncio.{type(client).__name__}"]
        sync, wanted, other = ("an async", *reversed(kinds)) if asynchronous else ("a sync", *kinds)
        raise TypeError(f"{storage} needs {sync} client: {wanted}, not {other}")
    return package


def check(client: Any) -> None:
    """Raise ``ValueError`` for a client that could answer from anywhere but the primary, or in another encoding."""
    pool = getattr(client, "connection_pool", None)
    reads_elsewhere = (
        getattr(client, "read_from_replicas", False),
        getattr(client, "load_balancing_strategy", None),
        not getattr(pool, "is_master", True),
    )
    if any(reads_elsewhere):
        raise ValueError("a client that reads from the primary is needed: a replica may not know of a logout yet")
    if getattr(client, "get_cache", lambda: None)() is not None:
        raise ValueError("a client without a cache is needed: a cached session would outlive its logout")
    if client.get_encoder().encoding.lower().replace("-", "") != "utf8":
        raise ValueError("a client whose encoding is utf-8 is needed")


def failures_of(package: str) -> tuple[type[Exception], ...]:
    """Return what the client raises where the server cannot be asked or refuses."""
    exceptions = import_module(f"{package}.exceptions")
    name = package.capitalize()
    return (getattr(exceptions, f"{name}Error"), getattr(exceptions, f"{name}ClusterException"), OSError)


def text(value: bytes | str | None) -> str | None:
    return value.decode() if isinstance(value, bytes) else value


def asking_once(client: Any, package: str) -> Callable[..., Any]:
    """Return how to send a command that must not be repeated where its answer is lost.

    A cluster client does not retry a command whose node it is told, but follows redirections;
    any other client retries on the connection, so the connection is used directly.
    """

    def ask_cluster(command: str, key: str) -> Any:
        return client.execute_command(command, key, target_nodes=client.get_node_from_key(key))

    def ask_server(command: str, key: str) -> Any:
        pool = client.connection_pool
        connection = pool.get_connection() if package == "redis" else pool.get_connection(command)
        try:
            connection.send_command(command, key)
            return connection.read_response()
        except BaseException:
            connection.disconnect()  # an answer may still be under way, and would be taken for the next one's
            raise
        finally:
            pool.release(connection)

    return ask_cluster if hasattr(client, "get_node_from_key") else ask_server
