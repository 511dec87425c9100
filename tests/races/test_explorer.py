"""The explorer: it leaves nothing out, and does the same again."""

from dataclasses import replace
from math import comb
from typing import Any

import pytest

from tests.races.broken import BROKEN
from tests.races.explorer import FAULTS, Explorer, Report, explore
from tests.races.model import Fault
from tests.races.runs import on_the_model
from tests.races.scenarios import Operation, Scenario

_RENEWALS = next(broken for broken in BROKEN if broken.laws == {"one-winner"})


def _explored_without_merging(scenario: Scenario, faults: tuple[Fault, ...]) -> Report:
    with on_the_model(scenario, faults) as start:
        return Explorer(lambda: replace(start(), model=None)).explore()


@pytest.mark.parametrize("calls", [1, 2, 3, 4])
def test_every_order_is_followed(calls: int) -> None:
    """Two callers of n calls each have as many interleavings as there are ways to choose n of 2n places."""

    async def count(storage: Any, _: str) -> None:
        for number in range(calls):
            await storage.set("last", f"{number}")

    scenario = Scenario.read("count | count", {"count": Operation("touch", count)})
    assert comb(2 * calls, calls) == explore(scenario).interleavings


def test_every_fault_is_followed() -> None:
    """Two callers of one call each have two orders, and in each either call has any of the four faults."""
    report = explore(Scenario.read("delete a | get a"), faults=FAULTS)
    assert (2, 2 * 2 * 4) == (report.interleavings, report.with_fault)


@pytest.mark.parametrize("faults", [(), FAULTS], ids=["whole", "with faults"])
def test_merging_loses_nothing(faults: tuple[Fault, ...]) -> None:
    """With states merged and with every run followed to its end the orders are as many, and break the same laws."""
    scenario = Scenario.read("renew a >b | renew a >c | delete a", _RENEWALS.operations)
    merged, whole = explore(scenario, faults=faults), _explored_without_merging(scenario, faults)
    assert merged.states < whole.states
    assert (merged.interleavings, merged.with_fault) == (whole.interleavings, whole.with_fault)
    assert set(merged.broken) == set(whole.broken)


def test_an_exploration_can_be_repeated() -> None:
    """A second exploration finds the same, in the same words."""
    scenario = Scenario.read(_RENEWALS.scenario, _RENEWALS.operations)
    assert explore(scenario, faults=FAULTS) == explore(scenario, faults=FAULTS)


def test_a_caller_waits_for_the_id_that_another_makes() -> None:
    """A get of a session that is being made starts when its id was returned, a guess at any time."""
    waiting, guessing = (explore(Scenario.read(f"create >new | {name} new")) for name in ("get", "guess"))
    assert (1, 2) == (waiting.interleavings, guessing.interleavings)
