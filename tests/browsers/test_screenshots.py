"""Every page of the showcase, as a desktop and a phone show it, light and dark: written to build/screenshots."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browsers.device import Device
from tests.browsers.recipes import Served

FOLDER = Path(__file__).parents[2] / "build" / "screenshots"
SCREENS = {"desktop": (1280, 800), "phone": (375, 812)}
Scheme = Literal["light", "dark"]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(params=SCREENS)
def screen(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> Scheme:
    found: Scheme = request.param
    return found


@pytest.fixture
def context(browser: Browser, screen: str, scheme: Scheme) -> Iterator[BrowserContext]:
    width, height = SCREENS[screen]
    with browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme) as fresh:
        yield fresh


def look(page: Page, name: str, heading: str) -> None:
    """Write what the page looks like, once it is the one that is meant and fits the screen's width."""
    assert (heading, 0) == (page.get_by_role("heading", level=1).inner_text(), page.evaluate(OVERFLOW))
    page.screenshot(path=FOLDER / f"{name}.png", full_page=True)


@pytest.mark.parametrize("served", ["showcase"], indirect=True)
def test_each_page_fits_its_screen(context: BrowserContext, served: Served, screen: str, scheme: Scheme) -> None:
    """No page is wider than the screen, none has an error on its console, and its background follows the scheme."""
    Device(context, served.url).log_in()
    context.clear_cookies()
    device = Device(context, served.url)
    problems: list[str] = []
    device.page.on("console", lambda message: problems.append(message.text))
    device.page.on("pageerror", lambda error: problems.append(str(error)))
    kind = f"{screen}-{scheme}"
    look(device.page, f"log-in-{kind}", "Log in")
    device.log_in()
    look(device.page, f"session-{kind}", "Hello, alice")
    device.unlock()
    look(device.page, f"unlocked-{kind}", "Hello, alice")
    device.follow("Devices")
    look(device.page, f"devices-{kind}", "Devices")
    device.follow("Storage")
    look(device.page, f"storage-{kind}", "What the storage holds")
    is_dark = device.page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g)[0] < 128")
    assert ([], scheme == "dark") == (problems, is_dark)
    device.press("Log out")
    device.log_in("alice", "wrong")  # which the console reports: the answer is 401
    look(device.page, f"refused-{kind}", "Log in")
    device.page.goto(f"data:text/html,<form method=post action={served.url}/logout><button>Press</button></form>")
    device.press("Press")
    look(device.page, f"message-{kind}", "That did not work")
