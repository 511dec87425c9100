"""Workers, each a process in its own environment, that are told what to do."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from select import select
from typing import Any

from benchmarks.peers.columns import ROOT
from benchmarks.peers.speed.entrants import Entrant

PATIENCE = 60  # seconds


class WorkerError(Exception):
    """A worker does not run, or does not do what it is told."""


@dataclass(frozen=True)
class Place:
    """Where the sessions of one entrant are kept."""

    store: str
    url: str
    folder: Path


class Driven:
    """One worker, which ends when its input does."""

    def __init__(self, entrant: Entrant, place: Place) -> None:
        kept, self._log = place.folder / "kept", place.folder / "log"
        kept.mkdir(parents=True)
        order = {"store": entrant.store or place.store, "url": place.url, "folder": str(kept)}
        command = [*entrant.command, json.dumps(order), *entrant.arguments]
        with self._log.open("w") as log:
            pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": log}
            self.process = subprocess.Popen(command, cwd=ROOT, text=True, **pipes)

    def tell(self, *words: object) -> Any:
        """Tell the worker to do something, and return its answer."""
        assert self.process.stdin is not None
        try:
            print(json.dumps(words), file=self.process.stdin, flush=True)
        except BrokenPipeError:
            raise WorkerError(self._reason()) from None
        return self.hear()["answer"]

    def hear(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        ready = select([self.process.stdout], [], [], PATIENCE)[0]
        line = self.process.stdout.readline() if ready else ""
        if not line:
            raise WorkerError(self._reason())
        said: dict[str, Any] = json.loads(line)
        return said

    def stop(self) -> None:
        with suppress(subprocess.TimeoutExpired):
            self.process.communicate(timeout=PATIENCE)
        self.process.kill()
        self.process.wait()

    def _reason(self) -> str:
        lines = self._log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"it has said nothing for {PATIENCE} seconds"


@contextmanager
def driven(places: Mapping[Entrant, Place]) -> Iterator[dict[Entrant, Driven]]:
    """Start a worker for each entrant whose environment there is, all at once; they end with the block."""
    workers: dict[Entrant, Driven] = {}
    try:
        for entrant, place in places.items():
            if Path(entrant.command[0]).exists():
                workers[entrant] = Driven(entrant, place)
        yield workers
    finally:
        for worker in workers.values():
            worker.stop()
