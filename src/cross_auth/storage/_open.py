"""One line of a settings file says where sessions are kept."""

from abc import abstractmethod
from collections.abc import Callable
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import unquote

from cross_auth._protocols import SecondaryStorage
from cross_auth.storage.memory import MemoryStorage
from cross_auth.storage.sqlite import SQLiteStorage


class ClosableStorage(SecondaryStorage, Protocol):
    """Keep text as a storage does, until it is closed."""

    @abstractmethod
    def close(self) -> None:
        """End what the storage holds open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_storage(url: str) -> ClosableStorage:
    """Return the storage that a URL names, with its table created where there is none.

    Raises ``ValueError`` for a URL that names none, ``TypeError`` for one with an async driver,
    ``ImportError`` where its client is not installed, ``StorageError`` where the server or the file cannot serve.
    No message holds the URL, which may have a password in it.
    """
    if not isinstance(url, str):
        raise TypeError(f"url should be a str, not {type(url).__name__}")
    scheme = url.partition("://")[0].lower()
    backend, _, driver = scheme.partition("+")
    if driver in _ASYNC_DRIVERS:
        raise TypeError(f"open_storage needs a sync driver, not {driver}: {backend}:// has one")
    if scheme not in _OPENERS or "://" not in url:
        raise ValueError(f"url should begin with one of {', '.join(f'{each}://' for each in _OPENERS)}")
    opener, extra = _OPENERS[scheme]
    try:
        return opener(scheme + url[len(scheme) :])
    except ImportError as error:
        wanted = f"pip install 'cross-auth-sessions[{extra}]'"
        raise ImportError(f"{scheme}:// needs the {extra} extra: {wanted} ({error})") from error


def _open_memory(url: str) -> ClosableStorage:
    if url.partition("://")[2]:
        raise ValueError("url should be memory:// and nothing more: what it holds is of this process alone")
    return MemoryStorage()


def _open_sqlite(url: str) -> ClosableStorage:
    place, _, options = url.partition("://")[2].partition("?")
    if not place.startswith("/") or options:
        raise ValueError("url should be sqlite:///file.db, or sqlite:////folder/file.db from the root, without options")
    return SQLiteStorage(unquote(place[1:]))


def _open_redis(url: str) -> ClosableStorage:
    from cross_auth.storage.redis import RedisStorage

    return RedisStorage.from_url(url)


def _open_postgres(url: str) -> ClosableStorage:
    from cross_auth.storage.postgres import PostgresStorage

    return _with_its_table(PostgresStorage.from_url(f"postgresql://{url.partition('://')[2]}"))


def _open_mysql(url: str) -> ClosableStorage:
    from cross_auth.storage.sqlalchemy import SQLAlchemyStorage

    return _with_its_table(SQLAlchemyStorage.from_url(url))


class _InTable(ClosableStorage, Protocol):
    @abstractmethod
    def create_table(self) -> None: ...


def _with_its_table(storage: _InTable) -> ClosableStorage:
    try:
        storage.create_table()
    except BaseException:
        storage.close()
        raise
    return storage


_OPENERS: dict[str, tuple[Callable[[str], ClosableStorage], str]] = {
    "memory": (_open_memory, ""),
    "sqlite": (_open_sqlite, ""),
    "redis": (_open_redis, "redis"),
    "rediss": (_open_redis, "redis"),
    "unix": (_open_redis, "redis"),
    "redis+cluster": (_open_redis, "redis"),
    "rediss+cluster": (_open_redis, "redis"),
    "postgresql": (_open_postgres, "postgres"),
    "postgresql+psycopg": (_open_postgres, "postgres"),
    "postgres": (_open_postgres, "postgres"),
    "mysql": (_open_mysql, "mysql"),
    "mysql+pymysql": (_open_mysql, "mysql"),
    "mariadb": (_open_mysql, "mysql"),
    "mariadb+pymysql": (_open_mysql, "mysql"),
}
_ASYNC_DRIVERS = ("aiomysql", "aiosqlite", "asyncmy", "asyncpg", "psycopg_async")
