"""Servers that refuse to run as root, and that must be signalled with every process they forked."""

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
from abc import ABC, abstractmethod
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from tests.servers.ports import free_port, wait_until
from tests.servers.processes import descendants, keep, state

_GONE, _STOPPED = "ZX", "TtZX"


class UnprivilegedServer(ABC):
    """Run one server in a folder of its own, as nobody where this process is root."""

    command: list[str]

    def __init__(self, name: str) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix=f"cross-auth-{name}-")
        self.path = Path(self.folder.name)
        self.log = self.path / "log"
        self.port = free_port()
        _give(self.path)
        atexit.register(self.stop)  # also where a test is interrupted before it stops its server

    @abstractmethod
    def client(self) -> Any:
        """Return a connection, which raises where the server does not answer."""

    def write(self, name: str, *lines: str) -> Path:
        """Write a file that the server can read."""
        path = self.path / name
        path.write_text("\n".join([*lines, ""]))
        _give(path)
        return path

    def prepare(self, *command: str) -> None:
        with self.log.open("ab") as log:
            done = subprocess.run(command, cwd=self.path, stdout=log, stderr=subprocess.STDOUT, **_account())
        self._raise_log_where(done.returncode != 0)

    def start(self) -> None:
        options = {"cwd": self.path, "stdin": subprocess.DEVNULL, "stderr": subprocess.STDOUT, **_account()}
        with self.log.open("ab") as log:  # its own session: a Ctrl-C is for pytest, which then stops it
            self.process = subprocess.Popen(self.command, stdout=log, start_new_session=True, **options)
        self.keeper = keep(self.process.pid, self.path, **_account())
        try:
            wait_until(lambda: self.process.poll() is not None or self._answers())
            self._raise_log_where(self.process.poll() is not None)
        except BaseException:
            self.kill()
            raise

    def kill(self) -> None:
        """Kill all of the server's processes, and return when they are gone."""
        processes = self._signal_all(signal.SIGKILL)
        self.process.wait()
        self.keeper.kill()
        self.keeper.communicate()
        wait_until(lambda: all(state(pid) in _GONE for pid in processes))

    def freeze(self) -> None:
        processes = self._signal_all(signal.SIGSTOP)
        wait_until(lambda: all(state(pid) in _STOPPED for pid in processes))

    def thaw(self) -> None:
        self._signal_all(signal.SIGCONT)

    def stop(self) -> None:
        atexit.unregister(self.stop)
        if hasattr(self, "process"):
            self.kill()
        self.folder.cleanup()

    def _signal_all(self, number: signal.Signals) -> list[int]:
        """Stop the parent first: it can then neither fork nor reap, so that none is missed and no pid is reused."""
        if self.process.poll() is not None:
            return []
        self.process.send_signal(signal.SIGSTOP)
        wait_until(lambda: state(self.process.pid) in _STOPPED)
        processes = descendants(self.process.pid)
        for pid in reversed(processes):
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        return processes

    def _answers(self) -> bool:
        with self.client():
            return True

    def _raise_log_where(self, failed: bool) -> None:
        if failed:
            raise RuntimeError(self.log.read_text(errors="replace"))


def refused(program: Path) -> str:
    """Say why the user that servers run as cannot run a program, or nothing where it can."""
    try:
        subprocess.run([program, "--version"], cwd="/", check=True, capture_output=True, **_account())
    except (OSError, subprocess.CalledProcessError) as error:
        return f"{program} does not run as the user of its server: {error}"
    return ""


@cache
def _account() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    import pwd  # not on Windows, where this module is only imported

    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _give(path: Path) -> None:
    if _account():
        shutil.chown(path, _account()["user"], _account()["group"])
