"""Print how many interleavings and states each choice of operations has: ``python -m tests.races``."""

from functools import partial

from tests.races.explorer import FAULTS, explore, explore_all
from tests.races.scenarios import groups, scenarios


def row(*cells: object) -> str:
    return f"{cells[0]:32}" + "".join(f"{cell:>15}" for cell in cells[1:])


def counts(group: tuple[str, ...]) -> str:
    found = list(scenarios(group))
    report = explore_all(found, partial(explore, faults=FAULTS))
    return row(
        " | ".join(group), len(found), report.interleavings, report.with_fault, report.states, len(report.broken)
    )


if __name__ == "__main__":
    print(row("operations", "scenarios", "interleavings", "with a fault", "states", "laws broken"))
    print(*(counts(group) for size in (2, 3) for group in groups(size)), sep="\n")
