"""A storage that fails, under each recipe: 503, and the cookie stays."""

import logging

import pytest

from cross_auth import StorageError, session_handle
from tests.examples.sites import ALICE, Site

METHODS = ("set", "get", "delete", "pop", "add", "members", "discard")
REQUESTS = [
    ("GET", "/"),
    ("GET", "/devices"),
    ("POST", "/login"),
    ("POST", "/logout"),
    ("POST", "/unlock"),
    ("POST", "/devices/sign-out"),
    ("POST", "/devices/sign-out-others"),
]


def down(*methods: str) -> dict[str, Exception]:
    return {name: StorageError("the storage at 10.0.0.7 is down") for name in methods}


@pytest.mark.parametrize(("method", "path"), REQUESTS)
def test_an_outage_is_no_log_out(recipe: Site, method: str, path: str) -> None:
    """While the storage fails the answer is 503, the cookie stays, and afterwards the session goes on."""
    with recipe.device(ALICE) as device:
        form = {**ALICE, "handle": session_handle(device.session_id)} if method == "POST" else None
        recipe.storage.failing = down(*METHODS)
        answer = device.request(method, path, data=form)
        assert (503, False) == (answer.status_code, "Set-Cookie" in answer.headers)
        assert "Sessions cannot be reached right now." in answer.text
        assert "10.0.0.7" not in answer.text
        recipe.storage.failing = {}
        assert "Hello, alice" in device.get("/").text


def test_a_visitor_without_a_cookie_sees_the_form(recipe: Site) -> None:
    """Who has no cookie gets the form while the storage fails: it is not asked."""
    recipe.storage.failing = down(*METHODS)
    with recipe.device() as device:
        assert 200 == device.get("/").status_code


@pytest.mark.parametrize(
    ("path", "failing"),
    [
        *[("/login", name) for name in ("pop", "add", "set")],
        ("/logout", "pop"),
        *[("/unlock", name) for name in ("get", "add", "set", "pop")],
        *[("/devices/sign-out", name) for name in ("get", "pop")],
        *[("/devices/sign-out-others", name) for name in ("get", "members", "pop")],
    ],
)
def test_a_request_that_fails_half_way_sends_no_cookie(recipe: Site, path: str, failing: str) -> None:
    """Where one call that a request needs fails, the answer is 503 and no cookie is sent."""
    with recipe.device(ALICE) as device, recipe.device(ALICE) as other:
        form = {**ALICE, "handle": session_handle(other.session_id)}
        recipe.storage.failing = down(failing)
        answer = device.post(path, data=form)
    assert (503, False) == (answer.status_code, "Set-Cookie" in answer.headers)


def test_an_outage_of_a_cookie_that_is_none(recipe: Site) -> None:
    """An unknown id is answered with 503 as well: nobody can tell that it is unknown."""
    recipe.storage.failing = down(*METHODS)
    with recipe.device() as device:
        answer = device.get("/", headers={"Cookie": f"session_id={'A' * 43}"})
    assert (503, False) == (answer.status_code, "Set-Cookie" in answer.headers)


def test_an_outage_is_logged(recipe: Site, caplog: pytest.LogCaptureFixture) -> None:
    """What the storage raised is logged as an error, and no id is."""
    with recipe.device(ALICE) as device, caplog.at_level(logging.ERROR):
        recipe.storage.failing = down(*METHODS)
        device.get("/")
        assert device.session_id not in caplog.text
    errors = [record.exc_info[1] for record in caplog.records if record.exc_info]
    assert ["the storage at 10.0.0.7 is down"] == [str(error) for error in errors if isinstance(error, StorageError)]
