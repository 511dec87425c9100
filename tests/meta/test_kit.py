"""The kit accuses every storage that breaks the contract, and no right one."""

import subprocess
import sys
from typing import Any

import pytest

from cross_auth.storage.memory import AsyncMemoryStorage, MemoryStorage
from cross_auth.testing import (
    AsyncStorageContract,
    StorageContract,
    async_session_machine,
    async_storage_machine,
    session_machine,
    storage_machine,
)
from tests.meta import mutants_of_keeping, mutants_of_removal, mutants_of_values
from tests.meta.kit_report import accusation, contract, race
from tests.meta.mutants import (
    BEYOND_THE_CONTRACT,
    BEYOND_THE_MACHINE,
    OF_MANY_TASKS,
    OF_MANY_THREADS,
    OF_ONE_TASK,
    OF_ONE_THREAD,
)
from tests.meta.mutants_async import AsyncPlain
from tests.meta.mutants_plain import Plain

# Examples, where the default is 100: most mutants are found after ten, and no run of these tests should be unlucky.
PATIENCE = 1000


@pytest.mark.parametrize("mutant", [each for each in OF_ONE_THREAD if each not in BEYOND_THE_MACHINE])
def test_the_storage_machine_finds_every_mistake(mutant: Any) -> None:
    """Each mutant fails the storage machine, or the wait that stands for its clock."""
    found, _ = accusation(lambda: storage_machine(mutant), PATIENCE)
    assert "contract: " in found


@pytest.mark.parametrize("mutant", OF_ONE_TASK)
def test_the_async_storage_machine_finds_the_same(mutant: Any) -> None:
    """A mistake that shows in one call after another is found in an async storage."""
    found, _ = accusation(lambda: async_storage_machine(mutant), PATIENCE)
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
    found, _ = accusation(lambda: session_machine(mutant), PATIENCE)
    assert "contract: " in found


@pytest.mark.parametrize("mutant", [*OF_MANY_THREADS, *OF_MANY_TASKS])
def test_the_check_of_concurrent_callers_finds_every_race(mutant: Any) -> None:
    """Each mutant that is right for one caller is accused by the check of several, which tells the sentence."""
    accusations = (race(mutant) for _ in range(3))  # a race is found by luck, which a busy machine has less of
    assert next(filter(None, accusations), "").startswith("contract: ")


def test_the_contract_finds_every_mistake() -> None:
    """Each mutant of one caller fails the suite in pytest, with no setting of this project; the right ones pass."""
    names = [each.__name__ for each in [*OF_ONE_THREAD, *OF_ONE_TASK] if each not in BEYOND_THE_CONTRACT]
    failed, output = contract([*names, Plain.__name__, AsyncPlain.__name__], "-k", "not concurrent")
    assert set(names) == set(failed), output
    assert " passed" in output


def test_the_contract_finds_races() -> None:
    """The suite has the check of concurrent callers, and of cancelled ones, in it."""
    names = ["PopIsNotAtomic", "LosesWrites", "AnswersTheNextCaller"]
    failed, output = contract([*names, AsyncPlain.__name__], "-k", "concurrent or cancelled")
    assert set(names) == set(failed), output


def test_a_right_storage_is_not_accused() -> None:
    """A right storage passes all of it under the same settings."""
    by_storage, _ = accusation(lambda: storage_machine(MemoryStorage))
    by_session, _ = accusation(lambda: session_machine(MemoryStorage))
    assert ["", "", ""] == [by_storage, by_session, race(MemoryStorage)]


def test_a_right_async_storage_is_not_accused() -> None:
    """A right async storage passes all of it, too."""
    by_storage, _ = accusation(lambda: async_storage_machine(AsyncMemoryStorage))
    by_session, _ = accusation(lambda: async_session_machine(AsyncMemoryStorage))
    assert ["", "", ""] == [by_storage, by_session, race(AsyncMemoryStorage)]


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
