"""A visitor's way through the site of each recipe."""

import re

import pytest

from cross_auth import session_handle
from tests.examples.sites import ALICE, BOB, Site


def test_a_visitor_gets_the_form(recipe: Site) -> None:
    """A visitor gets the form to log in, and no cookie."""
    with recipe.device() as device:
        answer = device.get("/")
    assert (200, False) == (answer.status_code, "Set-Cookie" in answer.headers)
    assert 'action="/login"' in answer.text


def test_a_log_in_leads_home(recipe: Site) -> None:
    """The right password is answered with 303 to the page that greets the user."""
    with recipe.device() as device:
        answer = device.post("/login", data=ALICE)
        assert (303, "/") == (answer.status_code, answer.headers["Location"])
        assert "Hello, alice" in device.get("/").text


def test_a_log_out_leads_to_the_form(recipe: Site) -> None:
    """A log-out is answered with 303 to the form, and the browser has no cookie any more."""
    with recipe.device(ALICE) as device:
        answer = device.post("/logout")
        assert (303, "/", {}) == (answer.status_code, answer.headers["Location"], dict(device.cookies))
        assert 'action="/login"' in device.get("/").text


def test_home_tells_of_the_session(recipe: Site) -> None:
    """The page of a user has the handle's first digits and what the cookie was sent with."""
    with recipe.device(ALICE) as device:
        page = device.get("/").text
        rows = dict(re.findall(r"<th[^>]*>(.*?)</th><td[^>]*>(?:<code>)?(.*?)(?:</code>)?</td>", page))
    told = {name: rows[name] for name in ("Handle", "Name", "Max-Age", "Secure", "HttpOnly", "SameSite")}
    assert told == {
        "Handle": session_handle(device.session_id)[:12],
        "Name": "session_id",
        "Max-Age": "86400 seconds",
        "Secure": "not sent",
        "HttpOnly": "sent",
        "SameSite": "Lax",
    }


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/devices"),
        ("POST", "/unlock"),
        ("POST", "/devices/sign-out"),
        ("POST", "/devices/sign-out-others"),
        ("POST", "/logout"),
    ],
)
def test_a_visitor_is_sent_home(recipe: Site, method: str, path: str) -> None:
    """Whoever has no session is sent to the form, and nothing is stored."""
    with recipe.device() as device:
        answer = device.request(method, path, data={"password": "x", "handle": "x"} if method == "POST" else None)
    assert (303, "/") == (answer.status_code, answer.headers["Location"])
    assert not {"set", "add"} & set(recipe.storage.names)


@pytest.mark.parametrize("path", ["/nowhere", "//evil.example/", "/devices/", "/login/"])
@pytest.mark.parametrize("host", [None, "evil.example"])
def test_no_path_leads_elsewhere(recipe: Site, path: str, host: str | None) -> None:
    """Whatever path and host were asked, a redirect stays on the site, as with every answer in these tests."""
    with recipe.device(ALICE) as device:
        answer = device.get(recipe.url + path, headers={"Host": host} if host else {})
    assert not answer.is_server_error


@pytest.mark.parametrize("where", ["next", "Location", "redirect_to"])
def test_log_in_ignores_where_a_link_wants_to_lead(recipe: Site, where: str) -> None:
    """No parameter changes where log in leads."""
    with recipe.device() as device:
        answer = device.post(f"/login?{where}=//evil.example", data={**ALICE, where: "//evil.example"})
    assert (303, "/") == (answer.status_code, answer.headers["Location"])


def test_two_users_at_once(recipe: Site) -> None:
    """Each of two browsers sees its own user, whoever asked last."""
    with recipe.device(ALICE) as first, recipe.device(BOB) as second:
        pages = [device.get("/").text for device in (first, second, first, second)]
    assert ["alice", "bob", "alice", "bob"] == [re.findall("Hello, (alice|bob)", page)[0] for page in pages]
