"""The session functions in real threads over real storages, which are granted their calls one by one."""

import os
from collections.abc import Callable
from functools import cache, partial

from cross_auth import SecondaryStorage
from cross_auth.testing._laws import law
from tests.races.explorer import Report, explore, explore_all
from tests.races.operations import OPERATIONS
from tests.races.replays import replay_all, replay_some
from tests.races.scenarios import Scenario, groups, scenarios

_PUBLIC = {name: operation for name, operation in OPERATIONS.items() if operation.call is not None}
_MOST = 300 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 10  # each is run on each storage
_TIMES = 2


@cache
def _interleavings() -> dict[Scenario, int]:
    """Return how many interleavings each pair whose callers meet has on the model."""
    pairs = [scenario for group in groups(2, _PUBLIC) for scenario in scenarios(group, _PUBLIC)]
    return {each: explore(each).interleavings for each in pairs if each.storage == "indexed" and each.meet}


@law("create-is-readable", "delete-is-final", "delete-is-idempotent", "delete-follows-renewals", "revoke-all-ends-all")
def test_no_order_of_threads_breaks_a_law(storage: SecondaryStorage, tell: Callable[[Report], Report]) -> None:
    """Whatever the order in which threads reach a real storage, every law holds, in as many orders as on the model."""
    few = {scenario: number for scenario, number in _interleavings().items() if number <= _MOST}
    report = tell(explore_all(few, partial(replay_all, storage=storage)))
    assert (sum(few.values()), {}) == (report.interleavings, report.broken)


@law("delete-follows-renewals", "renew-has-one-winner", "revoke-all-ends-all")
def test_no_order_of_many_breaks_a_law(storage: SecondaryStorage, tell: Callable[[Report], Report]) -> None:
    """In some orders of those threads that have more of them than can be run every law holds."""
    many = [scenario for scenario, number in _interleavings().items() if number > _MOST]
    assert {} == tell(explore_all(many, partial(replay_some, storage=storage, times=_TIMES))).broken
