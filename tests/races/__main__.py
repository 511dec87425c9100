"""Print how many interleavings and states each choice of operations has: ``python -m tests.races``."""

from functools import partial

from tests.races.explorer import FAULTS, Report, explore, explore_all
from tests.races.scenarios import groups, scenarios


def row(*cells: object) -> str:
    return f"{cells[0]:42}" + "".join(f"{cell:>15}" for cell in cells[1:])


def counts(name: str, report: Report) -> str:
    found = (report.scenarios, report.interleavings, report.with_fault, report.states, len(report.broken))
    return row(name, *found)


if __name__ == "__main__":
    print(row("operations", "scenarios", "interleavings", "with a fault", "states", "laws broken"))
    total = Report()
    for size, one in ((2, partial(explore, faults=FAULTS)), (3, explore)):
        for group in groups(size):
            report = explore_all(scenarios(group), one)
            print(counts(" | ".join(group), report), flush=True)
            total += report
    print(counts("together", total))
