"""The session operations, through every interleaving of two and three callers, with and without a fault."""

import os
from collections.abc import Callable

import pytest

from cross_auth.testing._laws import law
from tests.races.calls import Fault
from tests.races.explorer import FAULTS, Report, explore, explore_all, orders
from tests.races.operations import OPERATIONS
from tests.races.scenarios import Scenario, groups, scenarios

_PAIRS = groups(2)
# The calls of a log-in are those of a delete and a create, one after the other, which triples have.
_TRIPLES = groups(3, {name: each for name, each in OPERATIONS.items() if name != "log_in"})
# The others take minutes with faults, and the largest two fifths of the time of all without: both are thorough.
_LARGEST = {
    ("renew", "renew", "revoke_others"),
    ("renew", "revoke_all", "revoke_all"),
    ("renew", "revoke_all", "revoke_others"),
    ("renew", "revoke_others", "revoke_others"),
}
_IS_THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
_SMALL = [group for group in _TRIPLES if _IS_THOROUGH or orders(group) <= 90]
_LARGE = [group for group in _TRIPLES if group not in _SMALL and group not in _LARGEST]
_RENEWED = (
    "delete a | renew a >b | renew a >c",
    "delete a | renew a >b | renew b >c",
    "delete a | renew a >b | touch a",
    "delete b | renew a >b | renew a >c",
    "renew a >b | renew b >c | revoke_others b",
    "renew a >b | revoke a | touch a",
)
_CASES = (
    *(pytest.param(list(scenarios(group)), FAULTS, id=f"{'|'.join(group)} with faults") for group in _PAIRS + _SMALL),
    *(pytest.param([Scenario.read(text)], FAULTS, id=f"{text} with faults") for text in _RENEWED),
    *(pytest.param(list(scenarios(group)), (), id="|".join(group)) for group in _LARGE),
)


@law(
    "create-indexes-first",
    "create-is-readable",
    "create-replaces",
    "delete-follows-renewals",
    "delete-forgets",
    "delete-is-final",
    "delete-is-idempotent",
    "get-is-dead-when-idle",
    "get-never-writes",
    "get-unknown-is-none",
    "id-is-never-stored",
    "list-has-every-live-session",
    "list-has-no-other",
    "outage-raises",
    "renew-ends-the-old",
    "renew-has-one-winner",
    "renew-keeps-the-session",
    "renew-undoes",
    "revoke-all-ends-all",
    "revoke-all-keeps-one",
    "revoke-ends-that-session",
    "revoke-is-for-the-owner",
    "touch-never-revives",
)
@pytest.mark.parametrize(("concurrent", "faults"), _CASES)
def test_no_order_of_calls_breaks_a_law(
    concurrent: list[Scenario], faults: tuple[Fault, ...], tell: Callable[[Report], Report]
) -> None:
    """Whatever the order of the calls, and whichever one fails, is late or is cancelled, every law holds for all."""
    assert {} == tell(explore_all(concurrent, lambda scenario: explore(scenario, faults=faults))).broken
