"""The explorer: it leaves nothing out, and does the same again."""

from dataclasses import replace
from math import comb
from typing import Any

import pytest

from tests.races import broken_ends, broken_renewals
from tests.races.beginnings import on_the_model
from tests.races.calls import Fault
from tests.races.explorer import FAULTS, Explorer, Report, explore
from tests.races.operations import OPERATIONS, Operation
from tests.races.runs import Run
from tests.races.scenarios import Scenario, scenarios

_BROKEN = {**OPERATIONS, "renew": replace(OPERATIONS["renew"], run=broken_renewals.without_pop)}


def _by_its_calls(run: Run) -> object:
    return tuple((made.caller, made.call.name, made.fault) for made in run.made)


def _explored_without_merging(scenario: Scenario, faults: tuple[Fault, ...]) -> Report:
    with on_the_model(scenario, faults) as first:
        return Explorer(_by_its_calls).explore(first)


@pytest.mark.parametrize("calls", [1, 2, 3, 4])
def test_every_order_is_followed(calls: int) -> None:
    """Two callers of n calls each have as many interleavings as there are ways to choose n of 2n places."""

    async def count(storage: Any, _: str, __: str) -> None:
        for number in range(calls):
            await storage.set("last", f"{number}")

    scenario = Scenario.read("count | count", {"count": Operation("list", count)})
    assert comb(2 * calls, calls) == explore(scenario).interleavings


def test_every_fault_is_followed() -> None:
    """Of two callers of one call each either call has any of five faults in two orders, and one that is late in six."""
    scenario = Scenario.read("get a | get b")
    assert (2, 2 * 2 * 5 + 6) == (explore(scenario).interleavings, explore(scenario, faults=FAULTS).with_fault)


@pytest.mark.parametrize("faults", [(), FAULTS], ids=["whole", "with faults"])
@pytest.mark.parametrize("text", ["delete a | touch a", "create >b | revoke_others a", "get a | renew a >b"])
def test_merging_loses_nothing(text: str, faults: tuple[Fault, ...]) -> None:
    """With states merged and with every run followed to its end the orders are as many, and break the same laws."""
    scenario = Scenario.read(text, _BROKEN)
    merged, whole = explore(scenario, faults=faults), _explored_without_merging(scenario, faults)
    assert merged.states < whole.states
    assert (merged.interleavings, merged.with_fault) == (whole.interleavings, whole.with_fault)
    assert set(merged.broken) == set(whole.broken)


def test_merging_loses_no_break() -> None:
    """Laws that are broken in some orders alone are found to be broken with states merged, too."""
    scenario = Scenario.read("renew a >b | renew a >c", _BROKEN)
    merged, whole = explore(scenario), _explored_without_merging(scenario, ())
    assert (merged.interleavings, set(merged.broken)) == (whole.interleavings, set(whole.broken))
    assert {"renew-has-one-winner", "renew-undoes"} == set(merged.broken)


def test_an_exploration_can_be_repeated() -> None:
    """A second exploration finds the same, in the same words."""
    scenario = Scenario.read("renew a >b | renew a >c", _BROKEN)
    assert explore(scenario, faults=FAULTS) == explore(scenario, faults=FAULTS)


def test_a_caller_waits_for_the_id_that_another_makes() -> None:
    """A get of a session that is being made starts when its id was returned, a guess at any time."""
    waiting, guessing = (explore(Scenario.read(f"create >new | {name} new")) for name in ("get", "guess"))
    assert (1, 3) == (waiting.interleavings, guessing.interleavings)


def test_members_come_in_either_order() -> None:
    """What a broken revocation breaks in one order of the members alone is found."""
    revoke_all = replace(OPERATIONS["revoke_all"], run=broken_ends.revoke_all_without_following)
    found = scenarios(("renew", "revoke_all"), {**OPERATIONS, "revoke_all": revoke_all})
    assert [set(), {"revoke-all-ends-all"}] == sorted((set(explore(each).broken) for each in found), key=len)
