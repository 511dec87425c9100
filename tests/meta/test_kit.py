"""The kit accuses every storage that breaks the contract."""

import subprocess
import sys
import unittest
from pathlib import Path

import pytest
from hypothesis import Phase, settings

from cross_auth.storage.memory import MemoryStorage
from cross_auth.testing import StorageContract, session_machine, storage_machine
from tests.meta import mutants
from tests.meta.mutants import MUTANTS, OF_ONE_THREAD

pytest_plugins = ["pytester"]

# Without shrinking: what is asked is whether a mistake is found, not how short it can be told.
FAST = settings(deadline=None, database=None, phases=[Phase.generate])


def accusation(case: type[unittest.TestCase]) -> str:
    """Run a machine's test case and return what it found."""
    case.settings = FAST  # type: ignore[attr-defined]  # how Hypothesis takes them
    result = unittest.TestResult()
    case("runTest").run(result)
    return "\n".join(text for _, text in result.failures + result.errors)


@pytest.mark.parametrize("mutant", OF_ONE_THREAD)
def test_the_storage_machine_finds_every_mistake(mutant: type[MemoryStorage]) -> None:
    """Each mutant fails the storage machine, or the wait that stands for its clock."""
    try:
        found = accusation(storage_machine(mutant))
    except AssertionError as error:
        found = str(error)
    assert found


@pytest.mark.parametrize("mutant", [mutants.DeleteDoesNothing, mutants.GetDeletes, mutants.EvictsTheOldest])
def test_the_session_machine_finds_what_ends_or_keeps_sessions(mutant: type[MemoryStorage]) -> None:
    """A mutant whose mistake reaches the session functions fails the session machine."""
    assert accusation(session_machine(mutant))


def test_a_right_storage_is_not_accused() -> None:
    """MemoryStorage passes under the same settings."""
    assert "" == accusation(storage_machine(MemoryStorage)) + accusation(session_machine(MemoryStorage))


def test_the_contract_finds_every_mistake(pytester: pytest.Pytester) -> None:
    """Each mutant fails the contract suite in pytest, with no setting of this project, and memory passes it."""
    root = Path(__file__).parent.parent.parent
    names = [mutant.__name__ for mutant in MUTANTS]
    pytester.makepyfile(
        "import sys\n"
        f"sys.path.insert(0, {str(root)!r})\n"
        "from cross_auth.testing import StorageContract\n"
        "from cross_auth.storage.memory import MemoryStorage\n"
        "from tests.meta import mutants\n"
        "class Contract(StorageContract):\n"
        "    def advance(self, storage, seconds):\n"
        "        for entry in list(storage._entries.values()):\n"
        "            moved = type(entry)(entry - seconds)\n"
        "            moved.key, moved.value = entry.key, entry.value\n"
        "            storage._entries[entry.key] = moved\n"
        + "".join(f"class Test{name}(Contract):\n    make_storage = mutants.{name}\n" for name in names)
        + "class TestMemory(Contract):\n    make_storage = MemoryStorage\n"
    )
    result = pytester.runpytest_subprocess("-q", "--strict-markers", "-W", "error", "-p", "no:randomly")
    failed = {line.split("::")[1] for line in result.outlines if line.startswith("FAILED")}
    assert {f"Test{name}" for name in names} == failed


def test_the_kit_refuses_to_run_without_assert_statements() -> None:
    """Under python -O every check would pass, so there is none."""
    done = subprocess.run(
        [sys.executable, "-O", "-c", "import cross_auth.testing"], capture_output=True, text=True, check=False
    )
    assert "run Python without -O" in done.stderr


def test_a_contract_without_a_storage_says_what_is_missing() -> None:
    """The base class of the suite tells how to use it."""
    with pytest.raises(TypeError, match="needs a method make_storage"):
        StorageContract().make_storage()
