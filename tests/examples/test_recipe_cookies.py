"""The cookies that each recipe sends, and the odd ones that it is sent."""

import pytest

from tests.browser import Browser
from tests.examples.sites import ALICE, Site

FOREIGN_ID = "A" * 43


def attributes(header: str) -> set[str]:
    """Return what follows the value; Expires says no more than Max-Age, and some frameworks send both."""
    return {part.lower() for part in header.split("; ")[1:] if not part.lower().startswith("expires=")}


def test_the_session_cookie(recipe: Site) -> None:
    """The cookie is HttpOnly and SameSite=Lax, is for one host, and works over plain HTTP."""
    with recipe.device() as device:
        header = device.post("/login", data=ALICE).headers["Set-Cookie"]
    assert {"max-age=86400", "path=/", "httponly", "samesite=lax"} == attributes(header)


def test_the_clear_cookie(recipe: Site) -> None:
    """What clears the cookie has its attributes, and a Max-Age of zero."""
    with recipe.device(ALICE) as device:
        header = device.post("/logout").headers["Set-Cookie"]
    assert {"max-age=0", "path=/", "httponly", "samesite=lax"} == attributes(header)


def test_a_browser_keeps_and_drops_the_cookie(recipe: Site) -> None:
    """A cookie store by the RFC holds one cookie after a log-in and an unlock, and none after a log-out."""
    browser, held = Browser("127.0.0.1"), []
    with recipe.device() as device:
        for path in ("/login", "/unlock", "/logout"):
            browser.receive(device.post(path, data=ALICE).headers["Set-Cookie"])
            held.append(len(browser.cookies))
    assert [1, 1, 0] == held


@pytest.mark.parametrize("path", ["/", "/devices"])
def test_a_page_sends_no_cookie(recipe: Site, path: str) -> None:
    """Only a log-in, an unlock and a log-out send a cookie."""
    with recipe.device(ALICE) as device:
        assert "Set-Cookie" not in device.get(path).headers


@pytest.mark.parametrize("path", ["/", "/devices"])
def test_a_dead_cookie_is_left_alone(recipe: Site, path: str) -> None:
    """A request that finds no session clears nothing: the browser may have a newer cookie by now."""
    with recipe.device() as device:
        assert "Set-Cookie" not in device.get(path, headers={"Cookie": f"session_id={FOREIGN_ID}"}).headers


@pytest.mark.parametrize(
    "header",
    [
        b"session_id",
        b"session_id=",
        b"session_id=short",
        b"session_id=" + FOREIGN_ID.encode(),
        b'session_id="' + FOREIGN_ID.encode() + b'"',
        b"session_id=" + b"A" * 8000,
        b"session_id=..%2F..%2Fetc%2Fpasswd",
        b"session_id=\xff\xfe\x80",
        b"; ; =; ==;,",
        b"session_id=" + b"A" * 43 + b"; session_id=" + b"B" * 43,
        b"__Host-session_id=" + FOREIGN_ID.encode(),
    ],
    ids=lambda header: header[:24].decode("latin-1"),
)
def test_an_odd_cookie_is_a_visitors(recipe: Site, header: bytes) -> None:
    """A cookie that is no session's leads to the form, whatever it holds."""
    with recipe.device() as device:
        answer = device.get("/", headers={b"Cookie": header})
    assert 200 == answer.status_code
    assert 'action="/login"' in answer.text


def test_a_log_in_with_an_odd_cookie(recipe: Site) -> None:
    """A cookie that cannot be an id does not stop a log-in."""
    with recipe.device() as device:
        assert 303 == device.post("/login", data=ALICE, headers={b"Cookie": b"session_id=\xa0;\xff"}).status_code


def test_two_cookies_of_the_name_are_refused(recipe: Site) -> None:
    """A second value, which another host of the domain may have set, is not taken, and neither is the real one."""
    with recipe.device(ALICE) as device:
        header = f"session_id={FOREIGN_ID}; session_id={device.session_id}"
        assert 'action="/login"' in device.get("/", headers={"Cookie": header}).text


def test_the_cookie_is_found_among_others(recipe: Site) -> None:
    """Cookies of other parts of the site do not matter."""
    with recipe.device(ALICE) as device:
        header = f"theme=dark; session_id={device.session_id}; session_id_2=x"
        assert "Hello, alice" in device.get("/", headers={"Cookie": header}).text


@pytest.mark.parametrize("served", ["FastAPI", "Litestar", "Starlette"], indirect=True)
def test_cookies_that_come_one_a_header(recipe: Site) -> None:
    """Each cookie in a header of its own, as HTTP/2 may bring them, is read where the framework shows them all."""
    with recipe.device(ALICE) as device:
        headers = [("Cookie", "theme=dark"), ("Cookie", f"session_id={device.session_id}"), ("Cookie", "a=b")]
        assert "Hello, alice" in device.get("/", headers=headers).text
