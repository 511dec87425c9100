"""The session operations, through every interleaving of two and three callers, with and without a fault."""

import os
from collections.abc import Callable
from functools import partial

import pytest

from cross_auth.testing._laws import law
from tests.races.explorer import FAULTS, Report, explore, explore_all, orders
from tests.races.scenarios import Scenario, groups, scenarios

_THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
_PAIRS, _TRIPLES = groups(2), groups(3)
# The others take minutes with faults, and these a third of the time of all without.
_LARGEST = {
    ("renew", "renew", "revoke_others"),
    ("renew", "revoke_all", "revoke_all"),
    ("renew", "revoke_all", "revoke_others"),
    ("renew", "revoke_others", "revoke_others"),
}
_WITH_FAULTS = [*_PAIRS, *(group for group in _TRIPLES if _THOROUGH or orders(group) <= 90)]
_RENEWED = [
    "delete a | renew a >b | renew a >c",
    "delete a | renew a >b | renew b >c",
    "delete a | renew a >b | touch a",
    "delete b | renew a >b | renew a >c",
    "renew a >b | renew b >c | revoke_others b",
    "renew a >b | revoke a | touch a",
]
_WITHOUT = [group for group in _TRIPLES if group not in _WITH_FAULTS and group not in _LARGEST]


@law(
    "create-indexes-first",
    "create-is-readable",
    "delete-follows-renewals",
    "delete-forgets",
    "delete-is-final",
    "delete-is-idempotent",
    "get-never-writes",
    "get-unknown-is-none",
    "id-is-never-stored",
    "list-has-every-live-session",
    "list-has-no-other",
    "renew-ends-the-old",
    "renew-has-one-winner",
    "renew-keeps-the-session",
    "revoke-all-ends-all",
    "revoke-all-keeps-one",
    "revoke-ends-that-session",
    "revoke-is-for-the-owner",
    "touch-never-revives",
)
@pytest.mark.parametrize("group", _WITHOUT, ids="|".join)
def test_no_order_of_calls_breaks_a_law(group: tuple[str, ...], tell: Callable[[Report], Report]) -> None:
    """Whatever the order of the storage calls of concurrent operations, every law holds."""
    assert {} == tell(explore_all(scenarios(group), explore)).broken


@law(
    "create-is-readable",
    "delete-follows-renewals",
    "delete-is-final",
    "outage-raises",
    "renew-undoes",
    "revoke-all-ends-all",
    "revoke-ends-that-session",
)
@pytest.mark.parametrize("group", _WITH_FAULTS, ids="|".join)
def test_no_fault_at_a_call_breaks_a_law(group: tuple[str, ...], tell: Callable[[Report], Report]) -> None:
    """Wherever a call fails, is late, loses its answer, is cancelled or ends its process, every law holds for all."""
    assert {} == tell(explore_all(scenarios(group), partial(explore, faults=FAULTS))).broken


@law("delete-follows-renewals", "delete-is-final", "renew-undoes", "revoke-ends-that-session")
@pytest.mark.parametrize("text", _RENEWED)
def test_no_fault_beside_a_renewal_breaks_a_law(text: str, tell: Callable[[Report], Report]) -> None:
    """Wherever a call of a renewal fails, or of two that end or use the session beside it, every law holds."""
    assert {} == tell(explore(Scenario.read(text), faults=FAULTS)).broken
