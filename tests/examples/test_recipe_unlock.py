"""The change of privilege, in each recipe: a new id, and an area that is open for five minutes."""

import pytest

from cross_auth import StorageError
from cross_auth.storage.memory import MemoryStorage
from cross_auth.testing import FakeClock
from tests.examples.sites import ALICE, BOB, Site

CODE = "7QFD-K2MX"  # the first of the codes in the area


class WithoutUnlocked(MemoryStorage):
    """A storage that keeps sessions, and fails where the application keeps what a password opened."""

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        if key.startswith("unlocked:"):
            raise StorageError("down for a moment")
        super().set(key, value, ttl)


def test_the_area_is_closed_until_the_password_is_given(recipe: Site) -> None:
    """After a log-in the area is closed, and the right password opens it."""
    with recipe.device(ALICE) as device:
        assert CODE not in device.get("/").text
        answer = device.post("/unlock", data={"password": ALICE["password"]})
        assert (303, "/") == (answer.status_code, answer.headers["Location"])
        assert CODE in device.get("/").text


def test_an_unlock_ends_the_old_id(recipe: Site) -> None:
    """The new id is the session, and whoever has the old one has nothing."""
    with recipe.device(ALICE) as device:
        old_id = device.session_id
        device.post("/unlock", data=ALICE)
        assert old_id != device.session_id
        assert "Hello, alice" in recipe.shown_to(device.session_id)
    assert "Hello" not in recipe.shown_to(old_id)
    assert 1 == len(recipe.handles_of("alice"))


def test_an_unlock_is_for_one_device(recipe: Site) -> None:
    """Another device of the same user stays closed, and so does the next log-in."""
    with recipe.device(ALICE) as one, recipe.device(ALICE) as other:
        one.post("/unlock", data=ALICE)
        assert CODE not in other.get("/").text
        one.post("/login", data=ALICE)
        assert CODE not in one.get("/").text


def test_the_area_closes_after_five_minutes(recipe: Site) -> None:
    """The area is open for 300 seconds, and the session goes on after them."""
    with FakeClock() as clock, recipe.device(ALICE) as device:
        device.post("/unlock", data=ALICE)
        clock.advance(299)
        assert CODE in device.get("/").text
        clock.advance(1)
        page = device.get("/").text
    assert (True, False) == ("Hello, alice" in page, CODE in page)


@pytest.mark.parametrize("password", ["wrong", "", BOB["password"]])
def test_a_wrong_password_opens_nothing(recipe: Site, password: str) -> None:
    """A wrong password is answered with 401 and leaves the session and its id as they were."""
    with recipe.device(ALICE) as device:
        old_id = device.session_id
        answer = device.post("/unlock", data={"password": password})
        assert (401, True) == (answer.status_code, "Wrong password." in answer.text)
        assert (False, old_id) == ("Set-Cookie" in answer.headers, device.session_id)
        assert CODE not in device.get("/").text


def test_the_session_ends_when_it_would_have(recipe: Site) -> None:
    """An unlock moves no limit: the new cookie lasts for what is left of the day."""
    with FakeClock() as clock, recipe.device(ALICE) as device:
        clock.advance(600)
        answer = device.post("/unlock", data=ALICE)
    assert "max-age=85800" in answer.headers["Set-Cookie"].lower()


def test_an_unlock_that_fails_at_its_end_is_no_log_out(recipe: Site) -> None:
    """Once the old id has ended the new cookie goes out, although the area stays closed."""
    recipe.storage.storage = WithoutUnlocked()
    with recipe.device(ALICE) as device:
        old_id = device.session_id
        answer = device.post("/unlock", data=ALICE)
        assert (303, True) == (answer.status_code, old_id != device.session_id)
        page = device.get("/").text
    assert (True, False) == ("Hello, alice" in page, CODE in page)


def test_of_two_unlocks_at_once_one_wins(recipe: Site) -> None:
    """A second unlock that gets ahead of the first one has the session; the first one gets no cookie."""
    with recipe.device(ALICE) as first, recipe.device() as second:
        second.cookies.update(first.cookies)
        recipe.storage.before = {"pop": lambda: second.post("/unlock", data=ALICE)}
        answer = first.post("/unlock", data=ALICE)
        assert (303, False) == (answer.status_code, "Set-Cookie" in answer.headers)
        assert CODE in second.get("/").text
    assert 1 == len(recipe.handles_of("alice"))


def test_a_log_out_during_an_unlock_stays_a_log_out(recipe: Site) -> None:
    """An unlock that ends after a log-out of the same session gives nobody a session."""
    with recipe.device(ALICE) as device, recipe.device() as same:
        same.cookies.update(device.cookies)
        recipe.storage.before = {"pop": lambda: same.post("/logout")}
        device.post("/unlock", data=ALICE)
        assert 'action="/login"' in device.get("/").text
    assert [] == recipe.handles_of("alice")
