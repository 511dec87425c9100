"""A log-out, in each recipe: final for every copy of the cookie, whatever runs beside it."""

from collections.abc import Callable

import pytest

from cross_auth.testing import FakeClock
from tests.examples.sites import ALICE, Device, Site


def test_a_log_out_ends_every_copy(recipe: Site) -> None:
    """After a log-out a copy of the cookie leads to the form."""
    with recipe.device(ALICE) as device:
        copied = device.session_id
        device.post("/logout")
    assert "Hello" not in recipe.shown_to(copied)
    assert [] == recipe.handles_of("alice")


def test_a_log_out_with_the_id_before_an_unlock(recipe: Site) -> None:
    """A log-out that was sent with the id before an unlock ends the session under its new id."""
    with recipe.device(ALICE) as device, recipe.device() as tab:
        tab.cookies.update(device.cookies)
        device.post("/unlock", data=ALICE)
        tab.post("/logout")
        assert "Hello" not in device.get("/").text


def test_a_log_out_twice(recipe: Site) -> None:
    """Logging out twice is no error."""
    with recipe.device(ALICE) as device:
        assert [303, 303] == [device.post("/logout").status_code for _ in range(2)]


def test_a_log_out_is_for_one_device(recipe: Site) -> None:
    """Another device of the user goes on."""
    with recipe.device(ALICE) as one, recipe.device(ALICE) as other:
        one.post("/logout")
        assert "Hello, alice" in other.get("/").text


@pytest.mark.parametrize("path", ["/", "/devices"])
@pytest.mark.parametrize("when", ["before the first read", "between two reads", "before activity is written"])
def test_a_log_out_during_another_request_stays_one(recipe: Site, path: str, when: str) -> None:
    """A page that was being made during the log-out does not bring the session back when it is done."""

    def log_out() -> None:
        with Device(recipe.url) as tab:
            tab.post("/logout", headers={"Cookie": f"session_id={copied}"})
        done.append(when)

    done: list[str] = []
    with FakeClock() as clock, recipe.device(ALICE) as device:
        copied = device.session_id
        clock.advance(600)  # so that activity is written
        orders: dict[str, dict[str, Callable[[], object]]] = {
            "before the first read": {"get": log_out},
            "between two reads": {"get": lambda: recipe.storage.before.update(get=log_out)},
            "before activity is written": {"set": log_out},
        }
        recipe.storage.before = orders[when]
        device.get(path)
        assert [when] == done
        assert "Hello" not in recipe.shown_to(copied)
        assert [] == recipe.handles_of("alice")
