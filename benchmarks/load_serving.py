"""The showcase with its workers, as a program of its own."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_connection

from tests.servers.ports import free_port, wait_until

ROOT = Path(__file__).parent.parent
KEEP_ALIVE = 120  # seconds; what uvicorn has when nobody sets it is shorter than a visitor's pause


@contextmanager
def serving(storage: str, workers: int) -> Iterator[int]:
    """Run the showcase with its workers on a free port."""
    port = free_port()
    site = ["uvicorn", "--factory", "benchmarks.load_site:from_environment", "--workers", str(workers)]
    options = ["--port", str(port), "--log-level", "warning", "--timeout-keep-alive", str(KEEP_ALIVE)]
    environment = {**os.environ, "STORAGE": storage}
    soft, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # which the workers inherit
    with subprocess.Popen([sys.executable, "-m", *site, *options], cwd=ROOT, env=environment) as server:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, most))
        try:
            wait_until(lambda: server.poll() is not None or _answers(port))
            yield port
        finally:
            server.terminate()
            server.wait(30)


def _answers(port: int) -> bool:
    with create_connection(("127.0.0.1", port), 5):
        return True
