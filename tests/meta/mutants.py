"""Storages that break the contract, one mistake each, by what has to find them."""

from types import ModuleType
from typing import Any

from tests.meta import (
    mutants_async,
    mutants_of_index,
    mutants_of_index_async,
    mutants_of_index_keys,
    mutants_of_index_threads,
    mutants_of_index_time,
    mutants_of_keeping,
    mutants_of_keys,
    mutants_of_removal,
    mutants_of_threads,
    mutants_of_time,
    mutants_of_values,
)
from tests.meta.mutants_async import AsyncIgnoresTtl, AsyncPlain, GetIsNotAsync, IsNotAsync
from tests.meta.mutants_of_index import SetsOfOneHandle, ShowsAHundred
from tests.meta.mutants_of_index_async import (
    AsyncIndexedPlain,
    AsyncKeepsMembersForEver,
    AsyncLacksMembers,
    DiscardIsNotAsync,
    IndexIsNotAsync,
)
from tests.meta.mutants_of_index_keys import ChangesTexts, HashesKeysToTwoDigits
from tests.meta.mutants_of_index_time import MemberTtlOneTooShort
from tests.meta.mutants_of_keeping import EvictsAbove128, SharesItsEntries
from tests.meta.mutants_of_keys import ChangesKeys, KeysAreFileNames
from tests.meta.mutants_of_removal import DeleteIsUndone
from tests.meta.mutants_of_time import DefaultTtl, TtlOneTooShort
from tests.meta.mutants_of_values import ChangesValues, SwallowsErrors, TruncatesValuesAt64KiB

_RIGHT = {AsyncIndexedPlain, AsyncPlain, ChangesKeys, ChangesTexts, ChangesValues}


def _in(*modules: ModuleType) -> list[Any]:
    own = [(module, each) for module in modules for each in vars(module).values() if isinstance(each, type)]
    return [each for module, each in own if each.__module__ == module.__name__ and each not in _RIGHT]


_OF_VALUES = _in(mutants_of_time, mutants_of_removal, mutants_of_keys, mutants_of_values, mutants_of_keeping)
_OF_SETS = _in(mutants_of_index, mutants_of_index_time, mutants_of_index_keys)
OF_ONE_THREAD = [*_OF_VALUES, *_OF_SETS]
OF_MANY_THREADS = [*_in(mutants_of_threads, mutants_of_index_threads), EvictsAbove128]
ASYNC = _in(mutants_async, mutants_of_index_async)
OF_ONE_TASK = [
    *(AsyncIgnoresTtl, GetIsNotAsync, IsNotAsync),
    *(AsyncKeepsMembersForEver, IndexIsNotAsync, DiscardIsNotAsync, AsyncLacksMembers),
]
OF_MANY_TASKS = [each for each in ASYNC if each not in OF_ONE_TASK]

# The machines keep to short values, few keys and members, and one storage.
BEYOND_THE_MACHINE = [
    *(TruncatesValuesAt64KiB, SwallowsErrors, EvictsAbove128, SharesItsEntries),
    *(ShowsAHundred, HashesKeysToTwoDigits),
]
# The tests of the contract that have one caller look at few keys, at no mixture of ttls, and through one handle.
BEYOND_THE_CONTRACT = [
    *(TtlOneTooShort, DefaultTtl, KeysAreFileNames, DeleteIsUndone, EvictsAbove128),
    *(MemberTtlOneTooShort, SetsOfOneHandle),
]

MUTANTS = list(dict.fromkeys([*OF_ONE_THREAD, *OF_MANY_THREADS, *ASYNC]))
