"""The races themselves: what is broken is caught, by the law that it breaks."""

import pytest

from cross_auth import SecondaryStorage
from tests.races.broken import BROKEN, Broken
from tests.races.explorer import FAULTS, explore
from tests.races.laws import LAWS
from tests.races.replays import replay_all
from tests.races.scenarios import Scenario


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.run.__name__)
def test_a_broken_operation_is_caught_by_name(broken: Broken) -> None:
    """A broken operation breaks exactly the laws that are said of it."""
    report = explore(Scenario.read(broken.scenario, broken.operations), faults=FAULTS)
    assert broken.laws == set(report.broken)


def test_every_law_can_be_broken() -> None:
    """There is a broken operation for every law."""
    assert set(LAWS) == set().union(*(broken.laws for broken in BROKEN))


def test_the_order_that_breaks_a_law_is_told() -> None:
    """The report of a broken law names who called what, in the shortest order that breaks it."""
    touch = BROKEN[0]
    report = explore(Scenario.read(touch.scenario, touch.operations))
    calls = "touch a: get; delete a: pop; delete a: discard; touch a: get; touch a: set"
    assert report.broken["delete-is-final"].endswith(f"After: {calls}.")


def test_a_broken_touch_is_caught_on_a_real_storage(storage: SecondaryStorage) -> None:
    """A touch that looks and then sets brings a deleted session back on every storage."""
    touch = BROKEN[0]
    report = replay_all(Scenario.read(touch.scenario, touch.operations), storage)
    found = {"delete-is-final", "record-is-written-once", "touch-writes-seldom"}
    assert (5, found) == (report.interleavings, set(report.broken))
