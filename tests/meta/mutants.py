"""Storages that break the contract, one mistake each, by what has to find them."""

from types import ModuleType
from typing import Any

from tests.meta import (
    mutants_async,
    mutants_of_keeping,
    mutants_of_keys,
    mutants_of_removal,
    mutants_of_threads,
    mutants_of_time,
    mutants_of_values,
)
from tests.meta.mutants_async import AsyncIgnoresTtl, AsyncPlain, GetIsNotAsync, IsNotAsync
from tests.meta.mutants_of_keeping import EvictsAbove128, SharesItsEntries
from tests.meta.mutants_of_keys import ChangesKeys, KeysAreFileNames
from tests.meta.mutants_of_removal import DeleteIsUndone
from tests.meta.mutants_of_time import DefaultTtl, TtlOneTooShort
from tests.meta.mutants_of_values import ChangesValues, SwallowsErrors, TruncatesValuesAt64KiB

_RIGHT = {AsyncPlain, ChangesKeys, ChangesValues}


def _in(*modules: ModuleType) -> list[Any]:
    own = [(module, each) for module in modules for each in vars(module).values() if isinstance(each, type)]
    return [each for module, each in own if each.__module__ == module.__name__ and each not in _RIGHT]


OF_ONE_THREAD = _in(mutants_of_time, mutants_of_removal, mutants_of_keys, mutants_of_values, mutants_of_keeping)
OF_MANY_THREADS = [*_in(mutants_of_threads), EvictsAbove128]
ASYNC = _in(mutants_async)
OF_ONE_TASK = [AsyncIgnoresTtl, GetIsNotAsync, IsNotAsync]
OF_MANY_TASKS = [each for each in ASYNC if each not in OF_ONE_TASK]

# The machines keep to short values, few keys and one storage.
BEYOND_THE_MACHINE = [TruncatesValuesAt64KiB, SwallowsErrors, EvictsAbove128, SharesItsEntries]
# The tests of the contract that have one caller look at few keys, and at no mixture of ttls.
BEYOND_THE_CONTRACT = [TtlOneTooShort, DefaultTtl, KeysAreFileNames, DeleteIsUndone, EvictsAbove128]

MUTANTS = list(dict.fromkeys([*OF_ONE_THREAD, *OF_MANY_THREADS, *ASYNC]))
