"""The pages that every recipe sends, as HTML and as what their readers see."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from cross_auth import SessionConfig, SessionData, create_session, get_session, list_sessions
from cross_auth.storage.memory import MemoryStorage
from examples import pages

MARKUP = "<b>&\"'"
CONFIG = SessionConfig(secure=False)
VOID = {"br", "input", "link", "meta"}


class Outline(HTMLParser):
    """Check that tags are closed in order, and note what is worth a look."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {**dict(attributes), "in": " ".join(self.open)}))
        self.open += [] if tag in VOID else [tag]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def signed_in(devices: int = 1, user_id: str = MARKUP) -> tuple[SessionData, MemoryStorage]:
    storage = MemoryStorage()
    for _ in range(devices):
        session_id, _ = create_session(user_id, storage, idle_timeout=1800, metadata={"browser": MARKUP})
    session = get_session(session_id, storage)
    assert session
    return session, storage


def home(unlocked: bool = False, message: str = "") -> str:
    return pages.home(signed_in()[0], CONFIG, unlocked, message)


def devices(number: int) -> str:
    session, storage = signed_in(number)
    return pages.devices(session, list_sessions(MARKUP, storage))


PAGES = [
    pytest.param(pages.log_in, id="log in"),
    pytest.param(lambda: pages.log_in(MARKUP, MARKUP), id="log in, wrong"),
    pytest.param(home, id="home"),
    pytest.param(lambda: home(message=MARKUP), id="home, wrong"),
    pytest.param(lambda: home(unlocked=True), id="home, unlocked"),
    pytest.param(lambda: devices(1), id="one device"),
    pytest.param(lambda: devices(4), id="four devices"),
    pytest.param(lambda: pages.message(MARKUP), id="message"),
]


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_well_formed(page: Callable[[], str]) -> None:
    """Tags are closed in order, and a page has a title, a language and one heading of the first level."""
    outline = Outline(page())
    assert ([], 1, 1, 1) == (outline.open, *(len(outline.all(tag)) for tag in ("title", "h1", "main")))
    assert "en" == outline.all("html")[0]["lang"]


@pytest.mark.parametrize("page", PAGES)
def test_pages_can_be_used_without_seeing_them(page: Callable[[], str]) -> None:
    """Every field that is shown has a label, every heading of a table a scope, and every form posts to this site."""
    outline = Outline(page())
    fields = [each for each in outline.all("input") if each.get("type") != "hidden" and "hidden" not in each]
    assert [] == [each for each in fields if "label" not in str(each["in"]).split()]
    assert [] == [each for each in outline.all("th") if each.get("scope") not in ("row", "col")]
    assert [] == [each for each in outline.all("form") if (each["method"], str(each["action"])[0]) != ("post", "/")]


@pytest.mark.parametrize("page", PAGES)
def test_texts_are_escaped(page: Callable[[], str]) -> None:
    """What users and browsers sent is shown as it was sent, and is never markup."""
    html = page()
    assert [] == Outline(html).all("b")
    assert MARKUP not in html


def test_the_cookie_is_shown_as_it_is_sent() -> None:
    """The page of the session has the attributes of the config, and no value."""
    config = SessionConfig.host_prefixed(max_age=60, samesite="strict")
    html = pages.home(signed_in()[0], config, False).partition("Its cookie, as it was sent")[2]
    shown = dict(re.findall(r"<th[^>]*>(.*?)</th><td>(?:<code>)?(.*?)(?:</code>)?</td>", html))
    wanted = {
        "Name": "__Host-session_id",
        "Max-Age": "60 seconds",
        "Path": "/",
        "Domain": "not sent",
        "Secure": "sent",
        "HttpOnly": "sent",
        "SameSite": "Strict",
    }
    assert wanted == shown


@pytest.mark.parametrize(("unlocked", "shown"), [(False, False), (True, True)])
def test_codes_are_shown_when_they_are_unlocked(unlocked: bool, shown: bool) -> None:
    """The area behind the password is on the page only where it is open."""
    assert shown is all(code in home(unlocked) for code in pages.RECOVERY_CODES)
    assert shown is any(code in home(unlocked) for code in pages.RECOVERY_CODES)


@pytest.mark.parametrize(("number", "buttons"), [(1, 0), (2, 1), (4, 3)])
def test_other_devices_have_a_button(number: int, buttons: int) -> None:
    """Each device but this one can be signed out, and all of them together where there are any."""
    html = devices(number)
    assert (buttons, 1) == (html.count('action="/devices/sign-out"'), html.count("this device"))
    assert bool(buttons) is ('action="/devices/sign-out-others"' in html)
