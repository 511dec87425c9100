"""``python -m cross_auth purge``: remove what has expired, for a scheduler or by hand."""

import argparse
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Protocol, TypeGuard

from cross_auth._protocols import StorageError
from cross_auth.storage import open_storage
from cross_auth.storage._open import sqlite_file

_FROM = "CROSS_AUTH_STORAGE_URL"
_A_STEP = 1000
_INTERRUPTED = 130  # as shells report Ctrl-C


class _KeepsDeadRows(Protocol):
    def purge(self, limit: int = ..., /) -> int: ...


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code; no message holds the URL."""
    url = _parser().parse_args(arguments).url or os.environ.get(_FROM)
    if not url:
        print(f"purge needs the URL of a storage, as its argument or in {_FROM}", file=sys.stderr)
        return 2
    if url.lower().startswith("sqlite:///") and not Path(sqlite_file(url)).exists():  # else it would be made
        print(f"{sqlite_file(url)}: there is no such file", file=sys.stderr)
        return 1
    try:
        return _purge(url)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except (StorageError, ValueError, TypeError, ImportError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m cross_auth", description="Look after a storage of sessions.")
    commands = parser.add_subparsers(required=True, metavar="command")
    purge = commands.add_parser(
        "purge",
        help="remove expired sessions from a database",
        description="Remove expired rows in small steps, beside the applications that use them. "
        "It may be stopped at any time, and several may run at once.",
    )
    purge.add_argument(
        "url", nargs="?", help=f"as open_storage takes it; without it that of {_FROM}, which no process list shows"
    )
    return parser


def _purge(url: str) -> int:
    begin, removed, stopping = time.monotonic(), 0, _Stopping()
    with open_storage(url) as storage:
        name = type(storage).__name__
        if not _keeps_dead_rows(storage):
            print(f"{name} drops what has expired by itself: nothing to purge")
            return 0
        step = _A_STEP
        while step == _A_STEP and not stopping.asked:
            step = storage.purge(_A_STEP)
            removed += step
            _show(removed)
    _show(None)
    stopped = "stopped: " if stopping.asked else ""
    print(f"{stopped}{removed} expired rows removed from {name} in {time.monotonic() - begin:.1f} seconds")
    return _INTERRUPTED if stopping.asked else 0


class _Stopping:
    """Note that Ctrl-C or a service manager asks for the end: the step under way is done and counted.

    Who asks twice does not wait for it.
    """

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked = True
        signal.signal(number, signal.default_int_handler)


def _keeps_dead_rows(storage: object) -> TypeGuard[_KeepsDeadRows]:
    return callable(getattr(storage, "purge", None))


def _show(removed: int | None) -> None:
    """Show how far it is, where someone looks; ``None`` clears the line."""
    if sys.stderr.isatty():
        print("\r\x1b[K" if removed is None else f"\r{removed} removed", end="", file=sys.stderr, flush=True)
