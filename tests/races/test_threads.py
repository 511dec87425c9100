"""The session functions in real threads over real storages, which are granted their calls one by one."""

from functools import partial

import pytest

from cross_auth import SecondaryStorage
from cross_auth.testing._laws import law
from tests.races.explorer import explore, explore_all, explore_threads, orders
from tests.races.scenarios import OPERATIONS, groups, scenarios

_PUBLIC = {name: operation for name, operation in OPERATIONS.items() if operation.call is not None}
_ORDERS = 12  # each of them is run on each storage
_SCENARIOS = [
    scenario
    for size in (2, 3)
    for group in groups(size, _PUBLIC)
    if orders(group) <= _ORDERS
    for scenario in scenarios(group)
]


@pytest.fixture(scope="module")
def expected() -> int:
    """Return how many interleavings the coroutines have on the model."""
    return explore_all(_SCENARIOS, explore).interleavings


@law("create-is-readable", "delete-is-final", "delete-is-idempotent")
def test_no_order_of_threads_breaks_a_law(storage: SecondaryStorage, expected: int) -> None:
    """Whatever the order in which threads reach a real storage, every law holds, in as many orders as on the model."""
    report = explore_all(_SCENARIOS, partial(explore_threads, storage=storage))
    assert (expected, {}) == (report.interleavings, report.broken)
