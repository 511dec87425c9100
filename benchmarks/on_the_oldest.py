"""How much create, get and delete cost over the floor in memory, on the oldest Python that is supported.

Run ``python3.11 -m benchmarks.on_the_oldest``; the shorter ``--quick`` is for a first look.
"""

import sys
from dataclasses import replace
from typing import Any

from benchmarks import against_the_floor
from benchmarks.alone import alone
from benchmarks.bench import Bench, Target


def run(bench: Bench) -> Any:
    found = against_the_floor.run(replace(bench, only="memory"))
    return {"python": f"{sys.version_info.major}.{sys.version_info.minor}", **found}


def render(found: Any) -> str:
    return f"""## On the oldest Python

The same in memory, where Python itself counts most, on {found["python"]}.

{against_the_floor.rows(found)}
"""


def targets(found: Any) -> list[Target]:
    by_name = {(row["storage"], row["operation"]): row["ratio"]["median"] for row in found["rows"]}
    return [Target(f"memory on Python {found['python']}: get beside the floor", 1.10, by_name["memory", "get"])]


if __name__ == "__main__":
    alone(run, render)
