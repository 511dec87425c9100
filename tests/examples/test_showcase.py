"""The page that shows what a storage holds, on each storage that a reader may name."""

import re
from collections.abc import Iterator
from hashlib import sha256

import httpx
import pytest

from tests.examples.showcase_program import ALICE, BOB, id_of, open_browser, running
from tests.servers import postgres_server, redis_server
from tests.storages import POSTGRES, REDIS

STORAGES = [
    pytest.param(lambda folder: "memory://", id="memory"),
    pytest.param(lambda folder: f"sqlite:///{folder}/demo.db", id="SQLite"),
    pytest.param(lambda folder: redis_server.fresh_database(), id="Redis", marks=REDIS.skip),
    pytest.param(lambda folder: postgres_server.shared_url(), id="Postgres", marks=POSTGRES.skip),
]
CHANGE = re.compile(r'<li><span class="mark[^"]*">(came|gone)</span> <code>(.*?)</code>')


@pytest.fixture(scope="module", params=STORAGES)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(request.param(tmp_path_factory.mktemp("demo"))) as url:
        yield url


@pytest.fixture
def browser(site: str) -> Iterator[httpx.Client]:
    with open_browser(site) as client:
        yield client


def handle_of(browser: httpx.Client) -> str:
    return sha256(id_of(browser).encode()).hexdigest()


def text_of(html: str) -> str:
    return re.sub("<[^>]*>", "", html)


def keys_in(page: str) -> set[str]:
    """Return the keys of all entries on a page."""
    return {text_of(key) for key in re.findall(r'<code class="key">(.*?)</code>', page)}


def changes_in(page: str) -> set[tuple[str, str]]:
    """Return what came and what went since the page was opened before."""
    return {(what, text_of(key)) for what, key in CHANGE.findall(page)}


def test_every_kind_of_entry_is_shown(browser: httpx.Client) -> None:
    """After an unlock there are the session, what became of the old one, its user's entry and the site's own note."""
    browser.post("/login", data=ALICE)
    old = handle_of(browser)
    browser.post("/unlock", data=ALICE)
    keys, handle, user = keys_in(browser.get("/storage").text), handle_of(browser), sha256(b"alice").hexdigest()
    assert {f"session:{handle}", f"next:{old}", f"user:{user}", f"unlocked:{handle}"} <= keys
    assert f"session:{old}" not in keys


def test_no_page_holds_an_id(browser: httpx.Client, site: str) -> None:
    """Through a whole stay on two devices no page has any session's id, and one has the hash of the cookie."""
    with open_browser(site, "curl/8") as other:
        pages = [each.post("/login", data=ALICE).text for each in (browser, other)]
        ids = [id_of(browser), id_of(other)]
        pages += [browser.get(path).text for path in ("/devices", "/storage")]
        browser.post("/unlock", data=ALICE)
        ids.append(id_of(browser))
        pages += [browser.post("/storage", data={"cookie": each}).text for each in ids]
        pages += [browser.post("/devices/sign-out-others").text, browser.get("/storage").text]
        assert f"<dd><code><mark>{handle_of(browser)}</mark></code></dd>" in pages[-1]
        pages += [browser.post("/logout").text, browser.get("/storage").text]
    assert (3, set()) == (len(set(ids)), {each for each in ids if any(each in page for page in pages)})


def test_changes_are_told(browser: httpx.Client) -> None:
    """The page names the keys that a log in brought and a log out took."""
    browser.get("/storage")
    browser.post("/login", data=BOB)
    key = f"session:{handle_of(browser)}"
    came = changes_in(browser.get("/storage").text)
    browser.post("/logout")
    gone = changes_in(browser.get("/storage").text)
    assert (True, True) == (("came", key) in came, ("gone", key) in gone)
    assert set() == changes_in(browser.get("/storage").text)


def test_own_entries_are_marked(browser: httpx.Client, site: str) -> None:
    """What belongs to the session that asks is marked, and what belongs to another is not."""
    with open_browser(site) as other:
        other.post("/login", data=BOB)
        browser.post("/login", data=ALICE)
        rows = re.findall(r"<tr(.*?)</tr>", browser.get("/storage").text, re.DOTALL)
        own = [text_of(f"<{row}") for row in rows if row.startswith(' class="own"')]
        assert (True, False) == tuple(any(handle_of(each) in row for row in own) for each in (browser, other))


def test_time_that_is_left_is_shown(browser: httpx.Client) -> None:
    """A session of a day has less than a day left, to the second."""
    browser.post("/login", data=ALICE)
    page = browser.get("/storage").text
    row = next(row for row in page.split("<tr") if f"{handle_of(browser)}</mark></code> <span" in row)
    left = re.findall(r'data-left="(\d+)">(\d\d):(\d\d):(\d\d)<', row)[0]
    seconds, *clock = map(int, left)
    assert seconds == clock[0] * 3600 + clock[1] * 60 + clock[2]
    assert 86_400 - 120 < seconds <= 86_400


@pytest.mark.parametrize("digits", [64, 43], ids=["whole", "as long as an id"])
def test_a_handle_is_no_cookie(browser: httpx.Client, digits: int) -> None:
    """A handle that is sent as the cookie is no session, also where it is cut to the length of an id."""
    browser.post("/login", data=ALICE)
    page = browser.post("/storage", data={"cookie": handle_of(browser)[:digits]}).text
    assert '<p role="status">No session.' in page


def test_the_id_is_a_cookie(browser: httpx.Client) -> None:
    """The id itself is found, by which the page shows that it really asks."""
    browser.post("/login", data=ALICE)
    page = browser.post("/storage", data={"cookie": id_of(browser)}).text
    assert '<p role="status">A session of alice' in page


def test_visitors_see_what_is_left(browser: httpx.Client) -> None:
    """Who is not logged in sees the entries, none of which is marked."""
    page = browser.get("/storage").text
    assert (True, False) == ("You are not logged in" in page, "<mark>" in page)
