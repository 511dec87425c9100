"""A site that runs in a process of its own, over stores that can be looked into, aged and taken away."""

import json
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any, TextIO

from benchmarks.peers.columns import ROOT, Column
from benchmarks.peers.turnstile import Turnstile
from benchmarks.peers.visitor import Visitor, ask
from tests.servers.proxies import proxy
from tests.servers.redis_server import RedisServer, age

PATIENCE = 60  # seconds


class SiteError(Exception):
    """A site does not run, or nobody can log in there."""


class Site:
    """One peer's site, in one of its modes."""

    def __init__(self, column: Column, mode: str, server: RedisServer, port: int, folder: Path) -> None:
        self.column, self.server, self.folder = column, server, folder
        order = {"mode": mode, "redis": f"redis://127.0.0.1:{port}/0", "folder": str(folder)}
        self._log = folder / "log"
        with self._log.open("w") as log:
            command = [*column.command, json.dumps(order), *column.arguments]
            pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": log}
            self.process = subprocess.Popen(command, cwd=ROOT, text=True, **pipes)
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None
        assert stdout is not None
        self._stdin = stdin
        self._told: Queue[dict[str, Any] | None] = Queue()
        self._listener = Thread(target=self._listen, args=(stdout,), daemon=True)
        self._listener.start()

    def greet(self) -> None:
        """Wait until the site serves, and take down what it says of itself."""
        hello = self.told()
        self.port: int = hello["port"]
        self.version: str = hello["version"]
        self.facts: dict[str, str] = hello["facts"]

    def visitor(self) -> Visitor:
        return Visitor(self.port)

    def user(self) -> Visitor:
        """Return a visitor who has logged in."""
        visitor = self.visitor()
        if visitor.post("/log-in") >= 400 or visitor.get("/who") != "alice":
            raise SiteError(f"nobody can log in\n{self._log.read_text()}")
        return visitor

    def who(self, cookies: str) -> str:
        """Return whom somebody with a copy of these cookies is taken for."""
        return ask(self.port, "GET", "/who", cookies).text

    def told(self) -> dict[str, Any]:
        try:
            said = self._told.get(timeout=PATIENCE)
        except Empty:
            said = None
        if said is None:
            raise SiteError(f"it says nothing\n{self._log.read_text()}")
        return said

    def command(self, **command: object) -> None:
        print(json.dumps(command), file=self._stdin, flush=True)
        self.told()

    def advance(self, seconds: int) -> None:
        """Move the clock of the process, and what ends in Redis by its own clock."""
        self.command(advance=seconds)
        with self.server.client() as client:
            age(client, seconds)

    def holds(self, text: str) -> bool:
        """Tell whether the stores' files hold a text: Redis writes each change to one before it answers."""
        files = [path for folder in (self.folder, Path(self.server.folder.name)) for path in folder.rglob("*")]
        return any(text.encode() in path.read_bytes() for path in files if path.is_file() and path != self._log)

    @contextmanager
    def without_store(self) -> Iterator[None]:
        """Take the store away: kill Redis, and lock every table of SQLite."""
        if "Redis" in self.column.store:
            self.server.kill()
        databases = [sqlite3.connect(path) for path in self.folder.glob("*.db") if "SQLite" in self.column.store]
        for database in databases:
            database.execute("BEGIN EXCLUSIVE")
        try:
            yield
        finally:
            for database in databases:
                database.close()
            if "Redis" in self.column.store:
                self.server.start()

    def stop(self) -> None:
        """End the process, which ends by itself where its input does."""
        self._stdin.close()
        self.process.wait(PATIENCE)
        self._listener.join()

    def _listen(self, lines: TextIO) -> None:
        with lines:
            for line in lines:
                self._told.put(json.loads(line))
        self._told.put(None)


@contextmanager
def running(column: Column, mode: str, server: RedisServer) -> Iterator[tuple[Site, Turnstile]]:
    """Start a site on empty stores, with a turnstile before its Redis; it ends with the block."""
    turnstile = Turnstile()
    with server.client() as client:
        client.flushall()
    with TemporaryDirectory(prefix="cross-auth-peer-") as folder, proxy(server.port, turnstile.wrap) as port:
        site = Site(column, mode, server, port, Path(folder))
        try:
            site.greet()
            yield site, turnstile
        finally:
            site.stop()
