"""One URL opens a storage, or an error that says what is wanted."""

import contextlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from pydantic import ValidationError

from cross_auth import StorageError, create_session, get_session
from cross_auth.storage import open_storage
from cross_auth.storage.memory import MemoryStorage
from cross_auth.storage.postgres import PostgresStorage
from cross_auth.storage.redis import RedisStorage
from cross_auth.storage.sqlite import SQLiteStorage
from cross_auth.testing._laws import law
from tests.servers import postgres_server, redis_server
from tests.storage.processes import together
from tests.storages import POSTGRES, REDIS


def sqlite_in(folder: Path) -> str:
    return f"sqlite:///{folder}/my%20file.db"


def redis_as(scheme: str) -> Callable[[Path], str]:
    return lambda folder: redis_server.shared_url().replace("redis:", f"{scheme}:")


def postgres_as(scheme: str) -> Callable[[Path], str]:
    return lambda folder: postgres_server.shared_url().replace("postgresql:", f"{scheme}:")


PLACES = [
    pytest.param(lambda folder: "memory://", MemoryStorage, id="memory"),
    pytest.param(sqlite_in, SQLiteStorage, id="sqlite"),
    pytest.param(redis_as("redis"), RedisStorage, id="redis", marks=REDIS.skip),
    pytest.param(redis_as("REDIS"), RedisStorage, id="REDIS", marks=REDIS.skip),
    pytest.param(postgres_as("postgresql"), PostgresStorage, id="postgresql", marks=POSTGRES.skip),
    pytest.param(postgres_as("postgresql+psycopg"), PostgresStorage, id="postgresql+psycopg", marks=POSTGRES.skip),
    pytest.param(postgres_as("postgres"), PostgresStorage, id="postgres", marks=POSTGRES.skip),
]


@law("open-storage-by-url")
@pytest.mark.parametrize(("place", "kind"), PLACES)
def test_every_scheme_opens_its_storage(place: Callable[[Path], str], kind: type, tmp_path: Path) -> None:
    """The storage is ready to use, and opened again it holds what it held, if it holds anything at all."""
    url = place(tmp_path)
    with open_storage(url) as storage:
        assert kind is type(storage)
        session_id, session = create_session("user", storage)
        assert session == get_session(session_id, storage)
    with open_storage(url) as storage:
        assert (None if kind is MemoryStorage else session) == get_session(session_id, storage)


@law("open-storage-by-url")
def test_a_path_is_relative_or_from_the_root_and_percent_encoded(tmp_path: Path) -> None:
    """Three slashes begin in the folder of the process, four at the root."""
    with contextlib.chdir(tmp_path):
        open_storage("sqlite:///a%3Fb.db").close()
        open_storage(f"sqlite:///{tmp_path}/c.db").close()
    assert {"a?b.db", "c.db"} == {path.name for path in tmp_path.iterdir()}


@law("open-storage-by-url")
def test_processes_open_a_new_file_together(tmp_path: Path) -> None:
    """Eight processes that start together all find their table there."""
    assert [["found", "value"]] * 8 == together("create", sqlite_in(tmp_path))


REFUSED: list[tuple[object, type[Exception], str]] = [
    ("", ValueError, "memory://, sqlite://, redis://, .*, mysql://"),
    ("secret", ValueError, "should begin with one of"),
    ("sqlite", ValueError, "should begin with one of"),
    ("redis:/secret", ValueError, "should begin with one of"),
    ("http://user:secret@localhost", ValueError, "should begin with one of"),
    ("mysql+secret://localhost", ValueError, "should begin with one of"),
    ("memory://secret", ValueError, "memory:// and nothing more"),
    ("sqlite://secret.db", ValueError, "sqlite:///file.db"),
    ("sqlite:///secret.db?mode=ro", ValueError, "without options"),
    ("sqlite:///:memory:", ValidationError, "MemoryStorage"),
    ("redis://:sec/ret@localhost", ValueError, "percent-encoded"),
    ("postgresql://a:sec/ret@b:c/d?e", ValueError, "percent-encoded"),
    ("postgresql://a:b@secret@127.0.0.1/d", ValueError, "percent-encoded"),
    ("mysql://a:b@secret@127.0.0.1/d", ValueError, "percent-encoded"),
    ("redis://:1234#secret@localhost", ValueError, "percent-encoded"),
    ("redis://localhost?secret=1", ValueError, "percent-encoded"),
    ("mysql://a:secret@127.0.0.1:1", ValueError, "percent-encoded"),
    ("mysql://a:secret@127.0.0.1:1/c?nope=secret", ValueError, "options that the client of mysql knows"),
    ("memory:// ", ValueError, "without a space"),
    ("secret+asyncpg://h", ValueError, "should begin with one of"),
    ("mysql://a:b@c:secret/d", ValueError, "percent-encoded"),
    ("postgresql+asyncpg://a:secret@b/c", TypeError, "no async driver, as asyncpg is"),
    ("sqlite+aiosqlite:///secret.db", TypeError, "as aiosqlite is"),
    ("mysql+aiomysql://a:secret@b/c", TypeError, "as aiomysql is"),
    (b"memory://", TypeError, "not bytes"),
    (None, TypeError, "not NoneType"),
    ("sqlite:////no/such/folder/sessions.db", StorageError, "folder"),
    ("redis+cluster://:secret@127.0.0.1:1", StorageError, "Redis Cluster"),
    ("postgresql://a:secret@127.0.0.1:1/c", StorageError, "refused"),
    ("mysql://a:secret@127.0.0.1:1/c", StorageError, "refused"),
]


@law("open-storage-explains")
@pytest.mark.parametrize(("url", "error", "message"), REFUSED)
def test_what_cannot_be_opened_is_told_without_the_url(url: Any, error: type[Exception], message: str) -> None:
    """The message says what is wanted, and no error of the chain has a part of the URL."""
    with pytest.raises(error, match=message) as caught:
        open_storage(url)
    chain = [caught.value, caught.value.__cause__, caught.value.__context__]
    assert not any("secret" in f"{each} {each!r}" or "sec/ret" in str(each) for each in chain)


@law("open-storage-explains")
@pytest.mark.parametrize(
    ("url", "package", "extra"),
    [
        ("redis://localhost", "redis", "redis"),
        ("redis+cluster://localhost", "redis", "redis"),
        ("postgres://localhost", "psycopg", "postgres"),
        ("postgresql://localhost", "psycopg_pool", "postgres"),
        ("mysql://localhost/d", "sqlalchemy", "mysql"),
        ("mariadb://localhost/d", "pymysql", "mysql"),
    ],
)
def test_a_client_that_is_missing_is_told_with_its_extra(url: str, package: str, extra: str) -> None:
    """The message is the command that installs it."""
    loaded = [name for name in sys.modules if name.split(".")[0] == package or ".storage." in name]
    ours = dict.fromkeys(name for name in loaded if name.split(".")[0] == package) | {package: None}
    with patch.dict(sys.modules, ours):
        for name in loaded:
            if ".storage." in name and name.rpartition(".")[2] not in ("_open", "memory", "sqlite"):
                del sys.modules[name]
        with pytest.raises(ImportError, match=f"pip install 'cross-auth-sessions\\[{extra}\\]'"):
            open_storage(url)
