"""Measure everything and write the page: ``python -m benchmarks``; ``--quick`` takes a first look, into build/bench."""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.interpreters import ENVIRONMENTS, ROOT, chosen, present
from benchmarks.page import Results, page, plots, targets
from benchmarks.sections import SECTIONS


def main(given: Sequence[str] | None = None) -> int:
    """Measure and write the page, and return how many sections failed."""
    arguments = parser().parse_args(given)
    into = arguments.into or (ENVIRONMENTS if arguments.quick else None)
    if arguments.render:
        written(json.loads(arguments.render.read_text("utf-8")), into)
        return 0
    print(f"Pythons: {', '.join(f'3.{minor} ({path})' for minor, path in present().items())}", flush=True)
    results, failed = loaded(into) if arguments.only else {}, []
    for name in [arguments.only] if arguments.only else SECTIONS:
        found = measured(name, arguments.python or chosen(SECTIONS[name]), quick=arguments.quick)
        if found is None:
            failed.append(name)
        else:
            results[name] = found
            written(results, into)  # at once: what follows may fail
    for target in targets(results):
        print(f"{'met    ' if target.met else 'NOT MET'} {target.claim}: {target.found:.2f}, limit {target.limit:g}")
    print(f"failed: {', '.join(failed)}" if failed else "all measured")
    return len(failed)


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    made.add_argument("--quick", action="store_true", help="take a first look; it is written to build/bench")
    made.add_argument("--only", choices=SECTIONS, metavar="SECTION", help=f"measure one of {', '.join(SECTIONS)}")
    made.add_argument("--python", metavar="PATH", help="run every section on this interpreter")
    made.add_argument("--into", type=Path, metavar="FOLDER", help="write results, page and plots there")
    made.add_argument("--render", type=Path, metavar="FILE", help="write the page from these results")
    return made


def measured(name: str, python: str, *, quick: bool) -> Any:
    """Run a section in a process of its own, and return its record, or nothing where it failed."""
    print(f"\n=== {name}", flush=True)
    with TemporaryDirectory() as folder:
        file = Path(folder, "found.json")
        command = [python, "-m", "benchmarks.alone", name, "--json", str(file), *(["--quick"] if quick else [])]
        done = subprocess.run(command, cwd=ROOT, check=False)
        return json.loads(file.read_text("utf-8")) if done.returncode == 0 else None


def places(into: Path | None) -> tuple[Path, Path, Path]:
    """Return the file of the results, the page and the folder of the plots."""
    if into:
        return into / "results.json", into / "performance.md", into
    return (
        ROOT / "benchmarks" / "results.json",
        ROOT / "docs" / "guides" / "performance.md",
        ROOT / "docs" / "assets" / "performance",
    )


def loaded(into: Path | None) -> Results:
    file = places(into)[0]
    found: Results = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return found


def written(results: Results, into: Path | None) -> None:
    """Write the results in the order of the page, the page, and the plots; plots that are no more are removed."""
    file, text, folder = places(into)
    ordered = {name: results[name] for name in SECTIONS if name in results}
    try:
        said, drawn = page(ordered, "" if into else "../assets/performance/"), plots(ordered)
    except KeyError as error:
        raise SystemExit(f"the results lack {error}, as of another release: measure all of them again") from error
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{json.dumps(ordered, indent=1)}\n", "utf-8")
    text.write_text(said, "utf-8")
    for old in set(folder.glob("*.svg")) - {folder / name for name in drawn}:
        old.unlink()
    for name, drawing in drawn.items():
        (folder / name).write_text(drawing, "utf-8")


if __name__ == "__main__":
    sys.exit(main())
