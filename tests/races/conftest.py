"""What the tests of the races tell the summary."""

from collections.abc import Callable

import pytest

from tests.races.explorer import Report


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[Report], Report]:
    """Return what notes a report for the summary, and returns it."""

    def note(report: Report) -> Report:
        record_property("races: interleavings", report.interleavings)
        record_property("races: with a fault", report.with_fault)
        record_property("races: states", report.states)
        record_property("races: scenarios", report.scenarios)
        record_property("races: laws broken", len(report.broken))
        return report

    return note
