"""One browser for all tests, a context of its own for each."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browsers import chromium, recipes, sites
from tests.browsers.laboratory import Laboratory
from tests.browsers.recipes import Served
from tests.browsers.sites import Site

TIMEOUT = 20_000  # milliseconds for one step of a page


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if reason := chromium.missing():
        (pytest.fail if "CI" in os.environ else pytest.skip)(reason)
    with chromium.running() as running:
        yield running


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(ignore_https_errors=True) as fresh:
        fresh.set_default_timeout(TIMEOUT)
        yield fresh


@pytest.fixture(scope="session")
def https() -> Iterator[Site]:
    with sites.serving("https") as site:
        yield site


@pytest.fixture(scope="session")
def http() -> Iterator[Site]:
    with sites.serving("http") as site:
        yield site


@pytest.fixture(scope="module")
def laboratory(browser: Browser, https: Site) -> Iterator[Laboratory]:
    """Lend one page to all examples of a module; each clears the jar first."""
    with browser.new_context(ignore_https_errors=True) as context:
        yield Laboratory(context, https)


@pytest.fixture(params=recipes.NAMES)
def served(request: pytest.FixtureRequest) -> Iterator[Served]:
    """Serve the site on each framework."""
    with recipes.serving(request.param, recipes.make_storage(request.param)) as running:
        yield running
