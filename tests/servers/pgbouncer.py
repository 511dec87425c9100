"""PgBouncer in front of a PostgreSQL server, whose connections its clients take in turns."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import psycopg

from tests.servers.unprivileged import UnprivilegedServer, refused


def binary() -> Path | None:
    """Return the pooler on PATH or in /usr/sbin."""
    found = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    return Path(found) if found else None


class PgBouncer(UnprivilegedServer):
    """Run one pooler, which lets everybody in and knows no prepared statement."""

    def __init__(self, port_of_postgres: int, pool_mode: str = "transaction", *lines: str) -> None:
        super().__init__("pgbouncer")
        program = binary()
        assert program is not None
        config = self.write(
            "pgbouncer.ini",
            "[databases]",
            f"* = host=127.0.0.1 port={port_of_postgres} user=postgres",
            "[pgbouncer]",
            "listen_addr = 127.0.0.1",
            f"listen_port = {self.port}",
            "unix_socket_dir =",
            "auth_type = any",
            f"pool_mode = {pool_mode}",
            "default_pool_size = 4",
            *_without_prepared_statements(program),
            *lines,
        )
        self.command = [str(program), str(config)]
        self.start()

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def client(self) -> Any:
        return psycopg.connect(self.url, connect_timeout=5, autocommit=True)


def missing() -> str:
    """Say why no pooler can be had, or nothing where one can."""
    program = binary()
    return refused(program) if program else "no pgbouncer on PATH or in /usr/sbin"


def _without_prepared_statements(program: Path) -> list[str]:
    """Return the setting, where there is one: 1.24 tracks them unless told not to, those before 1.21 never do."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"(\d+)\.(\d+)", said)
    known = found is not None and (int(found[1]), int(found[2])) >= (1, 21)
    return ["max_prepared_statements = 0"] if known else []
