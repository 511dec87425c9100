"""The session operations, through every interleaving of two and three callers, and every fault in each."""

import os
from functools import partial

import pytest

from cross_auth.testing._laws import law
from tests.races.explorer import FAULTS, explore, explore_all, orders
from tests.races.scenarios import groups, scenarios

# The largest take minutes: only the thorough profile has them.
_ORDERS = 10**9 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 1000
_GROUPS = [group for size in (2, 3) for group in groups(size) if orders(group) <= _ORDERS]


@law("create-is-readable", "delete-is-final", "delete-is-idempotent", "get-unknown-is-none", "get-never-writes")
@pytest.mark.parametrize("group", _GROUPS, ids="|".join)
def test_no_order_of_calls_breaks_a_law(group: tuple[str, ...]) -> None:
    """Whatever the order of the storage calls of concurrent operations, every law holds."""
    assert {} == explore_all(scenarios(group), explore).broken


@law("outage-raises", "delete-is-final", "create-is-readable")
@pytest.mark.parametrize("group", _GROUPS, ids="|".join)
def test_no_fault_at_a_call_breaks_a_law(group: tuple[str, ...]) -> None:
    """Wherever a call fails, loses its answer or is cancelled, every law holds for all callers."""
    assert {} == explore_all(scenarios(group), partial(explore, faults=FAULTS)).broken
