"""The kit accuses every storage that breaks the contract, and no right one."""

import subprocess
import sys
from typing import Any

import pytest

from cross_auth.storage.memory import AsyncMemoryStorage, MemoryStorage
from cross_auth.testing import AsyncStorageContract, StorageContract
from tests.meta import mutants_of_keeping, mutants_of_removal, mutants_of_values
from tests.meta.kit_report import accusation, contract, machine, race, sessions
from tests.meta.mutants import (
    BEYOND_THE_CONTRACT,
    BEYOND_THE_MACHINE,
    OF_MANY_TASKS,
    OF_MANY_THREADS,
    OF_ONE_TASK,
    OF_ONE_THREAD,
)
from tests.meta.mutants_async import AsyncPlain
from tests.meta.mutants_of_index_async import AsyncIndexedPlain
from tests.meta.mutants_plain import IndexedPlain, Plain

# Examples, where the default is 100: most mutants are found after ten, and no run of these tests should be unlucky.
PATIENCE = 1000
FEW = 20
# Seconds: most races are found at once, some by luck, which a busy machine has less of. The default comes last, twice.
BUDGETS = [0.05, 0.2, 0.5, 0.5]
# Some races, and the tests of the contract that find them.
RACES = {
    "PopIsNotAtomic": "pops",
    "LosesWrites": "writes",
    "LosesAdds": "add_and_discard",
    "LeavesAGapInSets": "come_and_go",
    "AnswersTheNextCaller": "cancelled",
}


@pytest.mark.parametrize("mutant", [each for each in OF_ONE_THREAD + OF_ONE_TASK if each not in BEYOND_THE_MACHINE])
def test_the_storage_machine_finds_every_mistake(mutant: Any) -> None:
    """Each mutant fails the storage machine, or the wait that stands for its clock; async ones fail the async form."""
    found, _ = accusation(lambda: machine(mutant), PATIENCE)
    assert "contract: " in found


@pytest.mark.parametrize(
    "mutant",
    [
        mutants_of_removal.DeleteDoesNothing,
        mutants_of_removal.GetDeletes,
        mutants_of_keeping.EvictsTheOldest,
        mutants_of_values.ReturnsObjects,
    ],
)
def test_the_session_machine_finds_what_ends_or_keeps_sessions(mutant: Any) -> None:
    """A mutant whose mistake reaches the session functions fails the session machine."""
    found, _ = accusation(lambda: sessions(mutant), PATIENCE)
    assert "contract: " in found


@pytest.mark.parametrize("mutant", [*OF_MANY_THREADS, *OF_MANY_TASKS])
def test_the_check_of_concurrent_callers_finds_every_race(mutant: Any) -> None:
    """Each mutant that is right for one caller is accused by the check of several, which tells the sentence."""
    accusations = (race(mutant, budget) for budget in BUDGETS)
    assert next(filter(None, accusations), "").startswith("contract: ")


def test_the_contract_finds_every_mistake() -> None:
    """Each mutant of one caller fails the suite in pytest, with no setting of this project; the right ones pass.

    A storage without the three methods is told what it does without.
    """
    names = [each.__name__ for each in [*OF_ONE_THREAD, *OF_ONE_TASK] if each not in BEYOND_THE_CONTRACT]
    right = [each.__name__ for each in (Plain, IndexedPlain, AsyncPlain, AsyncIndexedPlain)]
    failed, output = contract([*names, *right], "-rfEs", "-k", "not concurrent")
    assert set(names) == set(failed), output
    assert " passed" in output
    assert "no add, members and discard: sessions over this storage are not listed and cannot be revoked" in output


def test_the_contract_finds_races() -> None:
    """The suite has the check of concurrent callers, and of cancelled ones, in it."""
    some = " or ".join(f"{name} and {test}" for name, test in RACES.items())
    failed, output = contract([*RACES, AsyncIndexedPlain.__name__], "-k", f"{some} or AsyncIndexedPlain and cancelled")
    assert set(RACES) == set(failed), output


@pytest.mark.parametrize("storage", [MemoryStorage, IndexedPlain, AsyncMemoryStorage, AsyncIndexedPlain])
def test_a_right_storage_is_not_accused(storage: Any) -> None:
    """A right storage passes all of it under the same settings; tests/property has it pass more examples."""
    by_machine, _ = accusation(lambda: machine(storage), FEW)
    by_sessions, _ = accusation(lambda: sessions(storage), FEW)
    assert ["", "", ""] == [by_machine, by_sessions, race(storage, BUDGETS[0])]


def test_the_kit_refuses_to_run_without_assert_statements() -> None:
    """Under python -O every check would pass, so there is none."""
    done = subprocess.run(
        [sys.executable, "-O", "-c", "import cross_auth.testing"], capture_output=True, text=True, check=False
    )
    assert "run Python without -O" in done.stderr


@pytest.mark.parametrize("contract", [StorageContract, AsyncStorageContract])
def test_a_contract_without_a_storage_says_what_is_missing(contract: Any) -> None:
    """The base class of the suite tells how to use it."""
    with pytest.raises(TypeError, match="needs a method make_storage"):
        contract().make_storage()
