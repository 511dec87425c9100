"""Start the programs of ``tests.storage.worker`` and read what they say."""

import subprocess
import sys
from pathlib import Path

from cross_auth import SecondaryStorage

_ROOT = Path(__file__).parent.parent.parent


def start(program: str, where: Path | str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.storage.worker", program, str(where)]
    return subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def finish(process: subprocess.Popen[bytes], word: bytes = b"\n") -> list[list[str]]:
    """Return the lines of a program that ends by itself, each as its first word and the rest."""
    said, _ = process.communicate(word, timeout=120)
    assert 0 == process.returncode
    return [line.split(" ", 1) for line in said.decode().splitlines()]


def together(program: str, where: Path | str) -> list[list[str]]:
    """Let 8 processes of a program begin at the same time, and return the lines of all."""
    processes = [start(program, where) for _ in range(8)]
    for process in processes:
        assert process.stdout is not None
        assert b"ready\n" == process.stdout.readline()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"go\n")
        process.stdin.flush()
    return [line for process in processes for line in finish(process, b"")]


def assert_one_wins(storage: SecondaryStorage, where: Path | str) -> None:
    """Let 8 processes pop the same hundred keys."""
    values = {f"to pop {number}": f"value {number}" for number in range(100)}
    for key, value in values.items():
        storage.set(key, value, ttl=60)
    won = [value for _, value in together("pop", where)]
    assert sorted(values.values()) == sorted(won)


def hammered(where: Path | str) -> list[str]:
    """Let 8 processes of 16 threads work at the same time, and return the ids of the 128 sessions that they keep."""
    return [session_id for _, session_id in together("hammer", where)]
