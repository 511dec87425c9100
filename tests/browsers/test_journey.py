"""The site on each framework, on two devices of a user."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.browsers.device import Device
from tests.browsers.recipes import Served

on_the_showcase = pytest.mark.parametrize("served", ["showcase"], indirect=True)


@pytest.fixture
def start(browser: Browser, served: Served) -> Iterator[Callable[[], Device]]:
    """Open the site on one more device."""
    devices: list[Device] = []

    def start() -> Device:
        devices.append(Device(browser.new_context(), served.url))
        return devices[-1]

    yield start
    for device in devices:
        device.context.close()


def test_the_whole_journey(start: Callable[[], Device]) -> None:
    """Log in on both, look at the devices, unlock on one, sign the other out, sign all others out, log out."""
    laptop, phone = start().log_in(), start().log_in()
    for device in (laptop, phone):
        device.follow("Devices")
    assert ([False, True], [True, False]) == (laptop.devices, phone.devices)

    phone.follow("Session")
    old_id = phone.session_id
    phone.unlock()
    assert (6, True) == (phone.codes, old_id != phone.session_id)
    laptop.follow("Session")
    assert 0 == laptop.codes

    phone.follow("Devices")
    phone.press("Sign out")
    laptop.follow("Devices")
    assert ([True], "Log in") == (phone.devices, laptop.heading)

    laptop.log_in().follow("Devices")
    laptop.press("Sign out all other devices")
    phone.follow("Devices")
    assert ([True], "Log in") == (laptop.devices, phone.heading)

    laptop.press("Log out")
    assert ("Log in", []) == (laptop.heading, laptop.context.cookies())


@on_the_showcase
def test_a_copy_of_the_cookie_dies_with_the_session(start: Callable[[], Device]) -> None:
    """What was copied before an unlock or a logout leads nowhere after it, and the back button to the form."""
    device, thief = start().log_in(), start()
    before_unlock = device.session_id
    device.unlock()
    before_logout = device.session_id
    thief.bring(before_logout)
    assert "Hello, alice" == thief.heading
    device.press("Log out")
    device.page.go_back()
    assert "Log in" == device.heading
    for copied in (before_unlock, before_logout):
        thief.bring(copied)
        assert "Log in" == thief.heading


@on_the_showcase
def test_wrong_passwords_open_nothing(start: Callable[[], Device]) -> None:
    """The pages say so; a visitor gets no cookie and keeps the name that was typed, a user keeps the id."""
    device = start().log_in("alice", "wrong")
    assert ("Wrong name or password.", []) == (device.alert, device.context.cookies())
    assert "alice" == device.page.get_by_label("Name").input_value()
    device.log_in()
    session_id = device.session_id
    device.unlock("wrong")
    assert ("Wrong password.", 0, session_id) == (device.alert, device.codes, device.session_id)


@on_the_showcase
def test_no_page_shows_the_id(start: Callable[[], Device]) -> None:
    """No text, attribute or script variable of a page holds it, and document.cookie is empty."""
    device = start().log_in()
    assert device.session_id
    for link in ("Session", "Devices", "Storage"):
        device.follow(link)
        assert device.session_id not in device.page.content()
        assert "" == device.page.evaluate("document.cookie")
