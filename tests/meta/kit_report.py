"""``python -m tests.meta.kit_report``: which part of the kit finds each wrong storage, and how soon."""

import os
import re
import subprocess
import sys
import time
import unittest
from collections.abc import Callable
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import Phase, settings

from cross_auth import testing
from cross_auth.testing import _callers, _cancellation
from cross_auth.testing._machine import StorageUnderTest
from tests.meta.mutants import ASYNC, MUTANTS

ROOT = Path(__file__).parent.parent.parent
# Without shrinking: what is asked is whether a mistake is found, not how short it can be told.
FAST = settings(deadline=None, database=None, phases=[Phase.generate])


def accusation(make: Callable[[], type[unittest.TestCase]], budget: int = 100) -> tuple[str, int]:
    """Make and run a machine's test case, and return what it found and after how many examples.

    The budget is Hypothesis's own default; among the examples are the replays of the one that failed.
    """
    examples, teardown = 0, StorageUnderTest.teardown

    def count(machine: StorageUnderTest) -> None:
        nonlocal examples
        examples += 1
        teardown(machine)

    with patch.object(StorageUnderTest, "teardown", count):
        try:
            case = make()
        except AssertionError as error:  # the wait that stands for the clock of a storage
            return str(error), 0
        case.settings = settings(FAST, max_examples=budget)  # type: ignore[attr-defined]  # how Hypothesis takes them
        result = unittest.TestResult()
        case("runTest").run(result)
    return "\n".join(text for _, text in result.failures + result.errors), examples


def is_async(storage: Any) -> bool:
    return storage in ASYNC or iscoroutinefunction(storage.set)


def machine(storage: Any) -> type[unittest.TestCase]:
    """Return the storage machine of a storage, with another handle on what it holds where it can give one."""
    reopen = getattr(storage, "reopen", None)
    if is_async(storage):
        return testing.async_storage_machine(storage, reopen=reopen)
    return testing.storage_machine(storage, reopen=reopen)


def sessions(storage: Any) -> type[unittest.TestCase]:
    """Return the session machine over a storage."""
    return (testing.async_session_machine if is_async(storage) else testing.session_machine)(storage)


def race(storage: Any, budget: float = _callers.BUDGET) -> str:
    """Return what the check of callers at the same time found within a budget for each of its parts."""
    check: Callable[[Any], None] = testing.check_async_concurrency if is_async(storage) else testing.check_concurrency
    try:
        with patch.object(_cancellation, "_PATIENCE", 0.5), patch.object(_callers, "BUDGET", budget):
            check(storage)
    except Exception as error:  # noqa: BLE001  whatever it raises accuses the storage
        return str(error) or type(error).__name__
    return ""


def contract(names: list[str], *options: str) -> tuple[dict[str, list[str]], str]:
    """Run the contract suite on storages by name, with no setting of this project; return the tests that failed."""
    file = Path(__file__).with_name("mutants_under_contract.py")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-c",
        os.devnull,
        "--rootdir",
        str(ROOT),
        "-q",
        "--tb=line",
        "--noconftest",
    ]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", "-W", "error", "--strict-markers", *options, str(file)],
        cwd=ROOT,
        env={**os.environ, "MUTANTS": " ".join(names)},
        capture_output=True,
        text=True,
        check=False,
    )
    failed: dict[str, list[str]] = {}
    for storage, test in re.findall(r"^FAILED \S+?::Test(\w+)::(\S+)", done.stdout, re.MULTILINE):
        failed.setdefault(storage, []).append(test)
    return failed, done.stdout + done.stderr


def row(storage: Any) -> list[str]:
    """Return a row of the table."""
    cells = [storage.__name__, (storage.__doc__ or "").rstrip(".")]
    for make in (machine, sessions):
        begin = time.perf_counter()
        found, examples = accusation(lambda make=make: make(storage))  # type: ignore[misc]  # B023
        cells.append(f"{examples} runs, {time.perf_counter() - begin:.1f} s" if found else "")
    begin = time.perf_counter()
    found = race(storage)
    cells.append(f"{time.perf_counter() - begin:.1f} s" if found else "")
    return cells


def main() -> int:
    """Print the table, and fail where a mutant was not found at all."""
    failed, _ = contract([each.__name__ for each in MUTANTS])
    missed = []
    print("| Mutant | Its mistake | Storage machine | Session machine | Concurrency check | Contract suite |")
    print("| --- | --- | --- | --- | --- | --- |")
    for storage in MUTANTS:
        cells = row(storage)
        tests = failed.get(storage.__name__, [])
        cells.append(f"{len(tests)} of its tests" if tests else "")
        missed += [] if any(cells[2:]) else [storage.__name__]
        print(f"| {' | '.join(cells)} |", flush=True)
    print(f"\n{len(MUTANTS)} mutants, not found: {', '.join(missed) or 'none'}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
