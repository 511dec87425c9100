"""The storages, the Hypothesis budget, and a summary that names what ran."""

import os
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import settings

from cross_auth import SecondaryStorage
from cross_auth.testing import FakeClock
from cross_auth.testing._clock import close
from spec.__main__ import load
from spec.entries import laws
from tests.storages import BACKENDS, MARIADB, Backend

settings.register_profile("check", deadline=None, print_blob=True)
settings.register_profile("thorough", settings.get_profile("check"), max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "check"))


@pytest.fixture(params=[pytest.param(backend, id=backend.name, marks=backend.skip) for backend in BACKENDS.values()])
def backend(request: pytest.FixtureRequest) -> Backend:
    found: Backend = request.param
    return found


@pytest.fixture
def storage(backend: Backend) -> Iterator[SecondaryStorage]:
    made = backend.make()
    yield made
    close(made)


@pytest.fixture
def clock() -> Iterator[FakeClock]:
    with FakeClock() as running:
        yield running


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all-laws", action="store_true", help="fail where a law of the spec has no test that passed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for owner in (getattr(item, "function", None), getattr(item, "cls", None)):
            item.user_properties += [("law", law) for law in getattr(owner, "laws", ())]
        item.user_properties += [
            ("storage", name) for name in _named_in(item.nodeid.lower()) if "meta" not in item.nodeid
        ]


def _named_in(text: str) -> Iterator[str]:
    for name in sorted(BACKENDS, key=len, reverse=True):  # "Postgres" stands in "SQLAlchemyPostgres", too
        if name.lower() in text:
            yield name
            text = text.replace(name.lower(), "")


def pytest_report_header() -> list[str]:
    """Name each backend with its version and where it comes from, or why it cannot run."""
    return [f"{each.name}: {each.missing or each.version()}" for each in (*BACKENDS.values(), MARIADB)]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    properties = _shown(terminalreporter)
    for backend in BACKENDS.values():
        passed = properties["storage", backend.name]
        terminalreporter.write_line(f"{backend.name} ({backend.missing or backend.version()}): {passed} tests passed")
    if config.getoption("--all-laws"):
        missing = _missing(terminalreporter)
        terminalreporter.write_line(f"laws: {len(laws(load())) - len(missing)} shown, missing: {missing or 'none'}")


@pytest.hookimpl(specname="pytest_terminal_summary")
def pytest_races_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Add up what the tests of the races have told of their explorations."""
    counts: Counter[str] = Counter()
    for report in (*terminalreporter.stats.get("passed", []), *terminalreporter.stats.get("failed", [])):
        counts.update({name: int(value) for name, value in report.user_properties if name.startswith("races: ")})
    if counts:
        parts = ("interleavings", "with a fault", "states", "scenarios")
        told = ", ".join(f"{counts[f'races: {each}']:,} {each}".replace(",", " ") for each in parts)
        terminalreporter.write_line(f"races: {told}; {counts['races: laws broken'] or 'no'} laws broken")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    wanted = session.config.getoption("--all-laws") and not hasattr(session.config, "workerinput")
    if wanted and exitstatus == 0 and isinstance(reporter, pytest.TerminalReporter) and _missing(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _shown(reporter: pytest.TerminalReporter) -> Counter[tuple[str, object]]:
    return Counter(each for report in reporter.stats.get("passed", []) for each in set(report.user_properties))


def _missing(reporter: pytest.TerminalReporter) -> list[str]:
    shown = _shown(reporter)
    return sorted(law for law in laws(load()) if not shown["law", law])
