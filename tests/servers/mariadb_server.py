"""A private MariaDB server on loopback, which tests may kill, freeze and restart."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pymysql  # type: ignore[import-untyped]  # it ships no types

from tests.servers.unprivileged import UnprivilegedServer, refused

_VARIABLE = "CROSS_AUTH_TEST_MARIADB_URL"
_URL = os.environ.get(_VARIABLE, "")
_PASSWORD = "secret"
_SET_UP = ["CREATE DATABASE IF NOT EXISTS sessions;"] + [
    line
    for user in ("sessions@'127.0.0.1'", "sessions@localhost")
    for line in (
        f"CREATE USER IF NOT EXISTS {user} IDENTIFIED BY '{_PASSWORD}';",
        f"GRANT ALL ON *.* TO {user} WITH GRANT OPTION;",
    )
]
_SMALL = ["--innodb-buffer-pool-size=16M", "--innodb-log-file-size=8M", "--max-connections=200"]
_IGNORING_CASE = ["--character-set-server=utf8mb4", "--collation-server=utf8mb4_general_ci"]


def binary() -> Path | None:
    """Return the server on PATH or in /usr/sbin."""
    return _which("mariadbd") or _which("mysqld")


def _which(program: str) -> Path | None:
    found = shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    return Path(found) if found else None


class MariaDBServer(UnprivilegedServer):
    """Run one server; what it has acknowledged is on the disk, and names are compared without their case."""

    def __init__(self, *options: str) -> None:
        super().__init__("mariadb")
        program, install = binary(), _which("mariadb-install-db")
        assert program is not None
        assert install is not None
        # Temporary tables of servers that share a folder for them are taken for each other's.
        private = ["--no-defaults", f"--datadir={self.path / 'data'}", f"--tmpdir={self.path}"]
        without_password = ["--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"]
        self.prepare(str(install), *private, *without_password, *_SMALL)
        self.socket = self.path / "mariadb.sock"
        listen = [f"--port={self.port}", "--bind-address=127.0.0.1", f"--socket={self.socket}", "--skip-name-resolve"]
        set_up = [f"--init-file={self.write('set_up.sql', *_SET_UP)}"]
        durable = ["--skip-log-bin", "--innodb-flush-log-at-trx-commit=1"]
        self.command = [str(program), *private, *listen, *set_up, *durable, *_SMALL, *_IGNORING_CASE, *options]
        self.start()

    @property
    def url(self) -> str:
        return f"mysql://sessions:{_PASSWORD}@127.0.0.1:{self.port}/sessions"

    def client(self) -> Any:
        return _connect(self.url)


def missing() -> str:
    """Say why no server can be had, or nothing where one can."""
    program = binary()
    if _URL or program is None or _which("mariadb-install-db") is None:
        return "" if _URL else "no mariadbd with its mariadb-install-db on PATH or in /usr/sbin"
    return refused(program)


@cache
def shared_url() -> str:
    """Return the server that the contract and the machines share; it is started when it is first needed."""
    return _URL or MariaDBServer().url


def version() -> str:
    """Return the version of the shared server, and where it comes from."""
    program = binary()
    if _URL or program is None:
        with _connect(_URL) as client:
            return f"{client.get_server_info()}, {_VARIABLE}"
    said = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=True).stdout
    return f"{said.split('Ver ')[1].split()[0]}, {program}"


def _connect(url: str) -> Any:
    parts = urlsplit(url)
    who = {"user": unquote(parts.username or ""), "password": unquote(parts.password or "")}
    where = {"host": parts.hostname, "port": parts.port or 3306, "database": parts.path[1:]}
    return pymysql.connect(**who, **where, connect_timeout=5, read_timeout=5, autocommit=True)
