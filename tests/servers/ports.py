"""Free ports of this machine's loopback interface."""

import socket
import time
from collections.abc import Callable


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_until(ready: Callable[[], object], seconds: float = 30) -> None:
    """Ask again and again until a server answers, and raise what it said last where it never does."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if ready():
                return
        except Exception:
            if time.monotonic() > deadline:
                raise
        if time.monotonic() > deadline + 1:
            raise TimeoutError("what is waited for does not come")
        time.sleep(0.02)
