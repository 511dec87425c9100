"""How long ``import cross_auth`` takes, beside the import of Pydantic and the building of the same models.

Run ``python -m benchmarks.imports``; the shorter ``--quick`` is for a first look.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.alone import alone
from benchmarks.bench import Bench, Target
from benchmarks.rounds import compare
from benchmarks.table import digits, ratio

ROOT = Path(__file__).parent.parent
TIMED = "from time import perf_counter_ns as now; start = now(); import {}; print(now() - start)"
LOADED = "import json, sys; before = set(sys.modules); import {}; print(json.dumps(sorted(set(sys.modules) - before)))"


def run(bench: Bench) -> Any:
    rounds = bench.rounds(41, 5)
    found = compare(_timing("cross_auth"), _timing("benchmarks.models_alone"), rounds, 1)
    library, floor = (digits(side.median / 1e6) for side in (found.library, found.floor))
    print(f"import cross_auth: {library} ms, Pydantic and the models alone: {floor} ms", flush=True)
    return {
        "rounds": rounds,
        **asdict(found),
        "by module": by_module(_python("-X", "importtime", "-c", "import cross_auth").stderr),
        "cross_auth": foreign(json.loads(_said(LOADED.format("cross_auth")))),
        "pydantic": foreign(json.loads(_said(LOADED.format("benchmarks.models_alone")))),
    }


def _timing(module: str) -> Callable[[int], float]:
    """Return what starts a fresh interpreter and tells how many nanoseconds the import took."""
    return lambda _: float(_said(TIMED.format(module)))


def _said(code: str) -> str:
    return _python("-c", code).stdout


def _python(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=True)


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

Beside the standard library it imports what Pydantic imports ({brought}), {more}.
"""


def targets(found: Any) -> list[Target]:
    brought = [each for each in found["cross_auth"] if each not in found["pydantic"]]
    return [
        Target("import, beside Pydantic and the same models", 1.10, found["ratio"]["median"]),
        Target("packages that the import brings beside Pydantic's", 0, len(brought)),
    ]


if __name__ == "__main__":
    alone(run, render)
