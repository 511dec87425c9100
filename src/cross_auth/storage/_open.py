"""One line of a settings file says where sessions are kept."""

from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar
from urllib.parse import unquote

from cross_auth._protocols import AsyncClosableStorage, ClosableStorage

_SCHEMES = {
    "memory": "memory",
    "sqlite": "sqlite",
    "redis": "redis",
    "rediss": "redis",
    "unix": "redis",
    "redis+cluster": "redis",
    "rediss+cluster": "redis",
    "postgresql": "postgres",
    "postgresql+psycopg": "postgres",
    "postgres": "postgres",
    "mysql": "mysql",
    "mysql+pymysql": "mysql",
    "mariadb": "mysql",
    "mariadb+pymysql": "mysql",
}
_ASYNC_DRIVERS = ("aiomysql", "aiosqlite", "asyncmy", "asyncpg", "psycopg_async")


def open_storage(url: str) -> ClosableStorage:
    """Return the storage that a URL names, with its table created where there is none.

    Raises ``ValueError`` for a URL that names none, ``TypeError`` for one with an async driver,
    ``ImportError`` where its client is not installed, ``StorageError`` where the server or the file cannot serve.
    No message holds the URL or its password.
    """
    backend, url = _read(url)
    with _telling_the_extra(backend):
        match backend:
            case "memory":
                from cross_auth.storage.memory import MemoryStorage

                return MemoryStorage()
            case "sqlite":
                from cross_auth.storage.sqlite import SQLiteStorage

                return SQLiteStorage(sqlite_file(url))
            case "redis":
                from cross_auth.storage.redis import RedisStorage

                return RedisStorage.from_url(url)
            case "postgres":
                from cross_auth.storage.postgres import PostgresStorage

                return _with_its_table(PostgresStorage.from_url(url))
            case _:
                from cross_auth.storage.sqlalchemy import SQLAlchemyStorage

                return _with_its_table(SQLAlchemyStorage.from_url(url))


async def open_async_storage(url: str) -> AsyncClosableStorage:
    """Return the async storage that a URL names, with its table created where there is none.

    As ``open_storage``; what has no async form of its own is called in threads.
    """
    backend, url = _read(url)
    with _telling_the_extra(backend):
        match backend:
            case "memory":
                from cross_auth.storage.memory import AsyncMemoryStorage

                return AsyncMemoryStorage()
            case "redis":
                from cross_auth.storage.redis import AsyncRedisStorage

                return AsyncRedisStorage.from_url(url)
            case "postgres":
                from cross_auth.storage.postgres import AsyncPostgresStorage

                return await _with_its_table_awaited(AsyncPostgresStorage.from_url(url))
            case _:
                import asyncio

                from cross_auth.aio import in_thread

                return in_thread(await asyncio.to_thread(open_storage, url))


def sqlite_file(url: str) -> str:
    """Return the path in a URL of SQLite."""
    return unquote(url.partition(":///")[2])


def _read(url: object) -> tuple[str, str]:
    """Return which backend a URL names, and the URL as its client reads it."""
    if not isinstance(url, str):
        raise TypeError(f"url should be a str, not {type(url).__name__}")
    scheme, separator, place = url.partition("://")
    scheme = scheme.lower()
    kind, _, driver = scheme.partition("+")
    if kind in _SCHEMES and driver in _ASYNC_DRIVERS:
        raise TypeError(f"url should name no async driver, as {driver} is: a storage has its own")
    if scheme not in _SCHEMES or not separator or url != url.strip():
        schemes = ", ".join(f"{each}://" for each in _SCHEMES)
        raise ValueError(f"url should begin with one of {schemes}, without a space around it")
    backend = _SCHEMES[scheme]
    if backend == "memory" and place:
        raise ValueError("url should be memory:// and nothing more: what it holds is of this process alone")
    if backend == "sqlite" and (not place.startswith("/") or "?" in place):
        raise ValueError("url should be sqlite:///file.db, or sqlite:////folder/file.db from the root, without options")
    return backend, f"{'postgresql' if backend == 'postgres' else scheme}://{place}"


@contextmanager
def _telling_the_extra(backend: str) -> Iterator[None]:
    refused = False
    try:
        yield
    except ImportError as error:
        wanted = f"the {backend} extra: pip install 'cross-auth-sessions[{backend}]'"
        raise ImportError(f"{backend} needs {wanted} ({error})") from error
    except (TypeError, OSError):  # which may show it
        refused = True
    if refused:
        raise ValueError(f"url should have options that the client of {backend} knows, with values that it takes")


class _InTable(Protocol):
    def create_table(self) -> None: ...

    def close(self) -> None: ...


class _InAsyncTable(Protocol):
    def create_table(self) -> Awaitable[None]: ...

    def close(self) -> Awaitable[None]: ...


_S = TypeVar("_S", bound=_InTable)
_A = TypeVar("_A", bound=_InAsyncTable)


def _with_its_table(storage: _S) -> _S:
    try:
        storage.create_table()
    except BaseException:
        storage.close()
        raise
    return storage


async def _with_its_table_awaited(storage: _A) -> _A:
    try:
        await storage.create_table()
    except BaseException:
        await storage.close()
        raise
    return storage
