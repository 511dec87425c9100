"""One section of the benchmarks, run by itself: ``python -m benchmarks.alone NOUN``, or its module."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from benchmarks.bench import Bench
from benchmarks.servers import SETTINGS, Servers
from benchmarks.versions import head, versions

Run = Callable[[Bench], Any]
Render = Callable[[Any], str]


def alone(run: Run, render: Render, given: Sequence[str] | None = None) -> None:
    """Run a section as the command line says, and print its part of the page."""
    parser = argparse.ArgumentParser(description=sys.modules[run.__module__].__doc__)
    parser.add_argument("folder", nargs="?", default="/var/tmp", help="where files go, on a real disk")
    parser.add_argument("--only", default="", metavar="NAME", help="measure what has this in its name")
    parser.add_argument("--quick", action="store_true", help="take a first look")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was found there, too")
    arguments = parser.parse_args(given)
    print(f"{head()}\n{SETTINGS}", flush=True)
    with TemporaryDirectory(dir=arguments.folder, prefix="cross-auth-") as folder, ExitStack() as stack:
        told = recorded(run, Bench(Path(folder), Servers(stack), arguments.quick, arguments.only))
    print(f"\n{render(told['found'])}")
    if arguments.json:
        arguments.json.write_text(f"{json.dumps(told)}\n", "utf-8")


def recorded(run: Run, bench: Bench) -> dict[str, Any]:
    """Return what a section found, as JSON has it, and when, how and with what."""
    start = perf_counter()
    found = json.loads(json.dumps(run(bench)))
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "quick": bench.quick,
        "seconds": round(perf_counter() - start),
        "versions": versions(),
        "found": found,
    }


if __name__ == "__main__":
    noun, *rest = sys.argv[1:] or ["--help"]
    if noun.startswith("-"):
        sys.exit("usage: python -m benchmarks.alone NOUN [--quick] [--only NAME] [--json FILE] [FOLDER]")
    section = import_module(f"benchmarks.{noun}")
    alone(section.run, section.render, rest)
