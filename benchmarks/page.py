"""The page of the documentation that says what was measured: pure text from the results."""

import re
from typing import Any

from benchmarks.bench import Target
from benchmarks.sections import SECTIONS, section
from benchmarks.servers import SETTINGS
from benchmarks.table import digits, table

Results = dict[str, Any]  # what each section found, under its name

HEAD = """# Performance

What the library costs, measured against the same work written by hand, against other libraries, and as it grows.
Every figure of this page comes from `benchmarks/results.json`, which `make bench` writes; no figure is typed by hand.
The microseconds are those of one machine; the ratios are closer on another, but not the same.
Where busy neighbours share the processor, every line that the library has beside the work by hand takes longer:
there, calls on SQLite, and at times deletes on Redis, gets on PostgreSQL and threads, missed limits of those below.
"""

LOOK = """## On your machine

```python
from timeit import timeit

from cross_auth import create_session, get_session
from cross_auth.storage.memory import MemoryStorage

storage = MemoryStorage()
session_id, session = create_session("user-42", storage)
seconds = timeit(lambda: get_session(session_id, storage), number=1000)
print(f"a get takes {seconds * 1000:.1f} µs")
```

`make bench` measures all of this page again, and `make bench-quick` takes a first look.
`.venv/bin/python -m benchmarks --only threads` measures one section.
"""

HOW = """## How it is measured

* Both sides of a comparison work in turns of some milliseconds, each first in every other round.
* A ratio is taken within one round, so that a machine that is busy slows both sides of it; shown is the median.
* The quartiles, in brackets or as whiskers, are those of the rounds.
* The garbage collector is off while time is taken, and the data of both sides are alike.
"""


def page(results: Results, assets: str) -> str:
    """Return the page, with its plots in a folder; a section stands where ``SECTIONS`` has it."""
    parts = [HEAD, _made_with(results), _targets(results)]
    parts += [_part(name, results[name], assets) for name in SECTIONS if name in results]
    return "\n".join(part.strip() + "\n" for part in [*parts, LOOK, HOW + f"* {SETTINGS}\n", _versions(results)])


def plots(results: Results) -> dict[str, str]:
    """Return the SVG of every plot under the name of its file."""
    return {file: text for name in SECTIONS if name in results for file, text in _drawn(name, results[name]).items()}


def targets(results: Results) -> list[Target]:
    return [
        target
        for name in SECTIONS
        if name in results and hasattr(section(name), "targets")
        for target in section(name).targets(results[name]["found"])
    ]


def _drawn(name: str, told: Any) -> dict[str, str]:
    module = section(name)
    drawn: dict[str, str] = module.plots(told["found"]) if hasattr(module, "plots") else {}
    return drawn


def _part(name: str, told: Any, assets: str) -> str:
    text = section(name).render(told["found"]).strip()
    for file, drawing in _drawn(name, told).items():
        title = re.search("<title>(.*?)</title>", drawing)
        text += f"\n\n![{title.group(1) if title else file}]({assets}{file})"
    return f"{text}\n\n*{_when(told)}, `.venv/bin/python -m benchmarks.{name}`.*\n"


def _when(told: Any) -> str:
    return f"Python {told['versions']['python']}, {told['date']}{', a quick run' if told['quick'] else ''}"


def _made_with(results: Results) -> str:
    dates = sorted(told["date"] for told in results.values())
    when = dates[0] if dates[0] == dates[-1] else f"{dates[0]} to {dates[-1]}"
    versions = [told["versions"] for told in results.values()]
    machines = list(dict.fromkeys(f"{each['platform']} with {each['processors']} processors" for each in versions))
    pythons = sorted({each["python"] for each in versions})
    text = f"Measured {when}, on {' and on '.join(machines)}, "
    text += f"with Python {' and '.join(pythons)}{'' if pythons[1:] else ', the only one there'}.\n"
    text += f"All together took {sum(told['seconds'] for told in results.values()) / 60:.0f} minutes.\n"
    if machines[1:]:
        text += "Not all sections are of one machine: compare microseconds within a section alone.\n"
    if any(told["quick"] for told in results.values()):
        text += "\nThese are the figures of a quick run, which takes few rounds: a first look, and no more.\n"
    return text


def _targets(results: Results) -> str:
    rows = [
        [each.claim, f"{'at least' if each.at_least else 'at most'} {each.limit:g}", digits(each.found), _met(each)]
        for each in targets(results)
    ]
    found = table(["Claim", "Limit", "Found", ""], rows)
    return f"## What was to be reached\n\nRatios of times, where the claim names nothing else.\n\n{found}\n"


def _met(target: Target) -> str:
    return "met" if target.met else "not met"


def _versions(results: Results) -> str:
    named: dict[str, list[str]] = {}
    for told in results.values():
        for name, version in told["versions"].items():
            if version not in named.setdefault(name, []):
                named[name].append(version)
    rows = [[name, ", ".join(found)] for name, found in named.items()]
    return f"## Versions\n\n{table(['What', 'Version'], rows)}\n"
