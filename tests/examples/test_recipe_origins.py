"""Requests that another site has a browser make, in each recipe: refused, and nothing changes."""

import pytest

from cross_auth import session_handle
from tests.examples.sites import ALICE, Site

FOREIGN = {
    "site": {"Origin": "http://evil.example"},
    "port": {"Origin": "http://127.0.0.1:1"},
    "scheme of an app": {"Origin": "chrome-extension://abcdefgh"},
    "null": {"Origin": "null"},
    "cross-site": {"Sec-Fetch-Site": "cross-site"},
    "same-site": {"Sec-Fetch-Site": "same-site"},
    "unknown": {"Sec-Fetch-Site": "new"},
}
foreign = pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN)


@foreign
def test_a_foreign_log_in_is_refused(recipe: Site, headers: dict[str, str]) -> None:
    """Another site can log nobody in, as whoever it likes."""
    with recipe.device() as device:
        answer = device.post("/login", data=ALICE, headers=headers)
    assert (403, False) == (answer.status_code, "Set-Cookie" in answer.headers)
    assert [] == recipe.storage.calls


@pytest.mark.parametrize("sign", ["site", "null", "cross-site"])
@pytest.mark.parametrize("path", ["/login", "/logout", "/unlock", "/devices/sign-out", "/devices/sign-out-others"])
def test_a_foreign_post_changes_nothing(recipe: Site, path: str, sign: str) -> None:
    """A form of another site ends no session and opens no area, although it has all that it takes."""
    with recipe.device(ALICE) as device, recipe.device(ALICE) as other:
        form = {**ALICE, "handle": session_handle(other.session_id)}
        recipe.storage.calls.clear()
        assert 403 == device.post(path, data=form, headers=FOREIGN[sign]).status_code
        assert [] == recipe.storage.calls
        assert 2 == len(recipe.handles_of("alice"))


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_every_method_is_looked_at(recipe: Site, method: str) -> None:
    """No method gets a foreign request past the check, routed or not."""
    with recipe.device(ALICE) as device:
        answer = device.request(method, "/login", data=ALICE, headers=FOREIGN["site"])
    assert answer.status_code in {403, 405}


def test_a_post_of_the_own_site_passes(recipe: Site) -> None:
    """A form of the site itself is taken, by either sign."""
    with recipe.device() as device:
        for headers in ({"Origin": recipe.url}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {}):
            assert 303 == device.post("/login", data=ALICE, headers=headers).status_code


@pytest.mark.parametrize("sign", ["site", "cross-site"])
def test_a_link_from_elsewhere_leads_in(recipe: Site, sign: str) -> None:
    """A page is shown to whoever comes from another site."""
    with recipe.device(ALICE) as device:
        assert "Hello, alice" in device.get("/", headers=FOREIGN[sign]).text
