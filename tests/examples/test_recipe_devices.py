"""The list of devices, in each recipe, and what its buttons end."""

import re

import pytest

from cross_auth import session_handle
from cross_auth.testing import FakeClock
from tests.examples.sites import ALICE, BOB, Device, Site

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"


def sign_out(device: Device, handle: str) -> None:
    answer = device.post("/devices/sign-out", data={"handle": handle})
    assert (303, "/devices") == (answer.status_code, answer.headers["Location"])


def test_the_list_is_newest_first(recipe: Site) -> None:
    """A user sees each device by its browser, the newest one first, and this one marked."""
    with FakeClock() as clock, recipe.device(ALICE, FIREFOX) as old, recipe.device() as new:
        clock.advance(60)
        new.post("/login", data=ALICE, headers={"User-Agent": CHROME})
        page = old.get("/devices").text
    found = re.findall("Chrome on Windows|Firefox on Linux|this device", page)
    assert ["Chrome on Windows", "Firefox on Linux", "this device"] == found


def test_only_the_other_devices_have_a_button(recipe: Site) -> None:
    """A form of the list holds the handle of another device of the same user, never of this one."""
    with recipe.device(ALICE) as this, recipe.device(ALICE) as other, recipe.device(BOB):
        page = this.get("/devices").text
    assert [session_handle(other.session_id)] == re.findall(r'name="handle" value="(\w+)"', page)


def test_a_device_is_signed_out(recipe: Site) -> None:
    """The device whose handle was posted is logged out, and no other one."""
    with recipe.device(ALICE) as this, recipe.device(ALICE) as other, recipe.device(ALICE) as third:
        sign_out(this, session_handle(other.session_id))
        assert "Hello" not in other.get("/").text
        assert "Hello, alice" in this.get("/").text
        assert "Hello, alice" in third.get("/").text


def test_this_device_can_be_signed_out_too(recipe: Site) -> None:
    """Who posts the own handle is logged out, as by any other device."""
    with recipe.device(ALICE) as this:
        sign_out(this, session_handle(this.session_id))
        assert 'action="/login"' in this.get("/").text


def test_the_handle_of_somebody_else_ends_nothing(recipe: Site) -> None:
    """Whose session ends is not up to the form: bob's goes on, whatever alice posts."""
    with recipe.device(ALICE) as alice, recipe.device(BOB) as bob:
        alice.post("/devices/sign-out", data={"handle": session_handle(bob.session_id), "user_id": "bob"})
        assert "Hello, bob" in bob.get("/").text


@pytest.mark.parametrize("handle", ["x", "0" * 64, "0" * 5000, "../bob", "\N{NULL}", "é"])
def test_what_is_no_handle_ends_nothing(recipe: Site, handle: str) -> None:
    """A handle of no session leads back to the list, and every session goes on."""
    with recipe.device(ALICE) as this, recipe.device(ALICE) as other:
        sign_out(this, handle)
        assert "Hello, alice" in this.get("/").text
        assert "Hello, alice" in other.get("/").text


def test_an_id_in_place_of_a_handle_ends_nothing(recipe: Site) -> None:
    """The id of a session is not its handle."""
    with recipe.device(ALICE) as this, recipe.device(ALICE) as other:
        sign_out(this, other.session_id)
        assert "Hello, alice" in other.get("/").text


def test_all_others_are_signed_out(recipe: Site) -> None:
    """This device goes on alone, and other users do not notice."""
    with recipe.device(ALICE) as this, recipe.device(ALICE) as other, recipe.device(BOB) as bob:
        answer = this.post("/devices/sign-out-others")
        assert (303, "/devices") == (answer.status_code, answer.headers["Location"])
        assert "Hello, alice" in this.get("/").text
        assert "Hello" not in other.get("/").text
        assert "Hello, bob" in bob.get("/").text


def test_signing_out_the_others_also_ends_a_renewed_one(recipe: Site) -> None:
    """A device that has unlocked, and so has a new id, is one of the others."""
    with recipe.device(ALICE) as this, recipe.device(ALICE) as other:
        other.post("/unlock", data=ALICE)
        this.post("/devices/sign-out-others")
        assert "Hello" not in other.get("/").text
    assert [session_handle(this.session_id)] == recipe.handles_of("alice")


def test_a_device_that_was_idle_is_gone(recipe: Site) -> None:
    """After half an hour without a request a session has ended, and requests keep it alive."""
    with FakeClock() as clock, recipe.device(ALICE) as idle, recipe.device(ALICE) as busy:
        for _ in range(3):
            clock.advance(1200)
            assert "Hello, alice" in busy.get("/").text
        assert 'action="/login"' in idle.get("/").text
        assert [session_handle(busy.session_id)] == recipe.handles_of("alice")
