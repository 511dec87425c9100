"""The showcase as a program: started, asked as a browser asks it, and stopped."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "examples.showcase"]
ALICE = {"username": "alice", "password": "looking-glass"}
BOB = {"username": "bob", "password": "can-we-fix-it"}


def environment(storage: str, port: object) -> dict[str, str]:
    return {**os.environ, "STORAGE": storage, "PORT": str(port)}


def fail_to_run(storage: str, port: object = 0, command: list[str] = COMMAND) -> tuple[int, str, str]:
    """Run the program where it cannot start; return its exit code and what it printed."""
    ended = subprocess.run(
        command, env=environment(storage, port), cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    return ended.returncode, ended.stdout, ended.stderr


@contextmanager
def running(storage: str, stop: signal.Signals = signal.SIGTERM) -> Iterator[str]:
    """Run the program on a free port, and yield the address that it prints."""
    environ = environment(storage, 0)
    with subprocess.Popen(COMMAND, env=environ, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            yield re.findall(r"http://127\.0\.0\.1:\d+", server.stdout.readline())[0]
        finally:
            server.send_signal(stop)
            server.wait(30)


def open_browser(url: str, user_agent: str = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0") -> httpx.Client:
    headers = {"User-Agent": user_agent}
    return httpx.Client(base_url=url, headers=headers, follow_redirects=True, trust_env=False, timeout=30)


def id_of(browser: httpx.Client) -> str:
    return browser.cookies["session_id"]
