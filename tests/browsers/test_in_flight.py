"""A logout in one tab while a request of another tab is in flight stays a logout."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext

from tests.browsers import recipes
from tests.browsers.device import Device
from tests.browsers.exchanges import Exchange
from tests.browsers.held import WAIT, Held
from tests.browsers.recipes import Served

ACTIONS = {
    "/devices": "location.href = '/devices'",
    "/unlock": "const form = document.querySelector('form[action=\"/unlock\"]');"
    " form.elements.password.value = 'looking-glass'; form.submit()",
}


@pytest.fixture(params=["Flask", "FastAPI"])  # one of each colour
def storage(request: pytest.FixtureRequest) -> Held:
    return Held(recipes.make_storage(request.param), request.param)


@pytest.fixture
def served(storage: Held) -> Iterator[Served]:
    """Serve a recipe over a storage that can hold a call."""
    with recipes.serving(storage.name, storage) as running:
        yield running
        storage.released.set()


def log_out_beside(
    context: BrowserContext, served: Served, storage: Held, path: str, call: tuple[str, str]
) -> Exchange:
    """Hold a request of one tab at a call to the storage, log out in another, let it go; return the late exchange."""
    first, second = Device(context, served.url).log_in(), Device(context, served.url)
    copied = first.session_id
    storage.hold(*call)
    with first.page.expect_navigation():
        first.page.evaluate(f"setTimeout(() => {{ {ACTIONS[path]} }})")
        assert storage.reached.wait(WAIT)
        second.press("Log out")
        assert ("Log in", []) == (second.heading, context.cookies())
        storage.released.set()
    for tab in (first, second):
        tab.page.goto(served.url)
        assert "Log in" == tab.heading
    first.bring(copied)
    assert "Log in" == first.heading
    return served.last(path)


@pytest.mark.parametrize("path", ACTIONS)
def test_a_request_that_has_read_the_session_cannot_bring_it_back(
    context: BrowserContext, served: Served, storage: Held, path: str
) -> None:
    """Both tabs are signed out, a copy of the cookie leads nowhere, and the late answer sets no cookie."""
    assert [] == log_out_beside(context, served, storage, path, ("get", "session:")).set_cookies


def test_a_renewal_that_is_done_cannot_carry_the_session_past_a_logout(
    context: BrowserContext, served: Served, storage: Held
) -> None:
    """The logout ends the new session too: the cookie that the late answer sets leads nowhere."""
    assert 1 == len(log_out_beside(context, served, storage, "/unlock", ("set", "unlocked:")).set_cookies)
