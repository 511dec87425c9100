"""How long ``import cross_auth`` takes, beside the import of Pydantic and the building of the same models.

Run ``python -m benchmarks.imports``; the shorter ``--quick`` is for a first look.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import Any

from benchmarks.alone import alone
from benchmarks.bench import Bench, Target
from benchmarks.rounds import compare
from benchmarks.table import digits, ratio

ROOT = Path(__file__).parent.parent
TIMED = "from time import perf_counter_ns as now; start = now(); import {}; print(now() - start)"
Start = Callable[..., "subprocess.CompletedProcess[str]"]
LOADED = "import json, sys; before = set(sys.modules); import {}; print(json.dumps(sorted(set(sys.modules) - before)))"


def run(bench: Bench) -> Any:
    rounds = bench.rounds(41, 3)
    start = _starting(bench.folder / "bytecode")
    for module in ("cross_auth", "benchmarks.models_alone"):
        start("-c", f"import {module}")  # which writes the bytecode, as an installer does
    found = compare(_timing(start, "cross_auth"), _timing(start, "benchmarks.models_alone"), rounds, 1)
    library, floor = (digits(side.median / 1e6) for side in (found.library, found.floor))
    print(f"import cross_auth: {library} ms, Pydantic and the models alone: {floor} ms", flush=True)
    return {
        "rounds": rounds,
        **asdict(found),
        "by module": by_module(start("-X", "importtime", "-c", "import cross_auth").stderr),
        "cross_auth": foreign(json.loads(start("-c", LOADED.format("cross_auth")).stdout)),
        "pydantic": foreign(json.loads(start("-c", LOADED.format("benchmarks.models_alone")).stdout)),
        "installed": installed(metadata.requires("cross-auth-sessions") or []),
    }


def _starting(bytecode: Path) -> Start:
    """Return how to start a fresh interpreter that keeps bytecode, whatever this one was told."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment = {**own, "PYTHONPYCACHEPREFIX": str(bytecode)}

    def start(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)

    return start


def _timing(start: Start, module: str) -> Callable[[int], float]:
    """Return what tells how many nanoseconds an import took."""
    return lambda _: float(start("-c", TIMED.format(module)).stdout)


def by_module(text: str) -> dict[str, float]:
    """Return how many milliseconds each distribution's modules took themselves, and all of the import together."""
    spent: dict[str, float] = {}
    for line in text.splitlines():
        own, together, module = line.removeprefix("import time:").split("|")
        if not own.strip().isdigit():
            continue
        name = module.strip()
        first = name.partition(".")[0]
        kind = "standard library" if first in sys.stdlib_module_names else first
        spent[kind] = spent.get(kind, 0) + int(own) / 1000
        if name == "cross_auth":
            spent["all"] = int(together) / 1000
    return spent


def foreign(modules: list[str]) -> list[str]:
    """Return the packages that are neither of the standard library, nor of an installer, nor what is measured."""
    packages = {module.partition(".")[0] for module in modules} - {"benchmarks", "cross_auth"}
    return sorted(each for each in packages - sys.stdlib_module_names if not each.startswith(("__", "_sysconfigdata")))


def installed(requirements: list[str]) -> list[str]:
    """Return the distributions that a distribution needs where no extra of it is asked for."""
    needed = [each for each in requirements if not re.search(r";.*\bextra\b", each)]
    return sorted(re.split(r"[^\w.-]", each)[0] for each in needed)


def render(found: Any) -> str:
    library, floor = (digits(found[side]["median"] / 1e6) for side in ("library", "floor"))
    own, together = (digits(found["by module"][name]) for name in ("cross_auth", "all"))
    beside = [each for each in found["cross_auth"] if each not in found["pydantic"]]
    more = f"and {', '.join(f'`{each}`' for each in beside)}" if beside else "and nothing else"
    brought = ", ".join(f"`{each}`" for each in found["pydantic"])
    return f"""## Import

`import cross_auth` takes {library} ms in a fresh interpreter, the median of {found["rounds"]}.
To import Pydantic and to build the same models takes {floor} ms; the ratio is {ratio(found["ratio"])}.
By `-X importtime`, which itself takes time, the modules of `cross_auth` take {own} ms of {together} ms.
Bytecode is there, as after an installation.

`pip install cross-auth-sessions` brings {", ".join(f"`{each}`" for each in found["installed"])} and what that needs.
Beside the standard library it imports what Pydantic imports ({brought}), {more}.
"""


def targets(found: Any) -> list[Target]:
    brought = [each for each in found["cross_auth"] if each not in found["pydantic"]]
    return [
        Target("import, beside Pydantic and the same models", 1.10, found["ratio"]["median"]),
        Target("packages that the import brings beside Pydantic's", 0, len(brought)),
        Target("distributions that are installed beside Pydantic's", 0, len(set(found["installed"]) - {"pydantic"})),
    ]


if __name__ == "__main__":
    alone(run, render)
