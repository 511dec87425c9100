"""What the showcase does to stay harmless: on a machine where other sites are open in the same browser."""

import re
from base64 import b64encode
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from cross_auth import StorageError, create_session
from cross_auth.aio import in_thread
from cross_auth.storage.memory import AsyncMemoryStorage, MemoryStorage
from cross_auth.storage.sqlite import SQLiteStorage
from examples import inside
from examples.showcase import create_app, opened
from tests.examples.showcase_program import ALICE, open_browser, running
from tests.servers.redis_server import RedisServer
from tests.serving import serving_asgi
from tests.storages import REDIS


def serving(opening: AbstractAsyncContextManager[Any]) -> AbstractContextManager[str]:
    """Serve the showcase over a storage."""
    return serving_asgi(create_app(opening))


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with serving(AsyncMemoryStorage()) as url:
        yield url


@pytest.fixture
def browser(site: str) -> Iterator[httpx.Client]:
    with open_browser(site) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/devices", "/storage", "/nowhere"])
def test_pages_run_and_load_what_they_brought(browser: httpx.Client, path: str) -> None:
    """The policy of every page allows its own style and script by their hashes, and nothing else."""
    browser.post("/login", data=ALICE)
    answer = browser.get(path)
    policy = answer.headers["Content-Security-Policy"]
    brought = re.findall(r"<(?:style|script)>(.*?)</(?:style|script)>", answer.text, re.DOTALL)
    hashes = {f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in brought}
    assert hashes <= set(re.findall(r"'sha256-[^']*'", policy))
    assert (True, False) == (policy.startswith("default-src 'none';"), "unsafe" in policy)
    assert [] == re.findall(r'(?: style| on\w+)="|<link rel="stylesheet|src="', answer.text)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8000", ""])
def test_other_names_are_refused(browser: httpx.Client, host: str) -> None:
    """A name that somebody else points at this machine leads to no page (DNS rebinding)."""
    answer = browser.get("/storage", headers={"Host": host})
    assert (400, False) == (answer.status_code, "<html" in answer.text)


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}])
def test_forms_of_other_sites_are_refused(browser: httpx.Client, headers: dict[str, str]) -> None:
    """Another site cannot have a cookie tried."""
    assert 403 == browser.post("/storage", data={"cookie": "A" * 43}, headers=headers).status_code


@pytest.mark.parametrize("content", [b"", b"cookie", b"cookie=" + b"A" * 1_000_000, b"\xff=%ff"])
def test_odd_forms(browser: httpx.Client, content: bytes) -> None:
    """What is not the form of the page is answered with a status in the 400s."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert 4 == browser.post("/storage", content=content, headers=headers).status_code // 100


@pytest.mark.parametrize("cookie", [";", "a;session_id=b", '"><script>', "\x00", "ü" * 43, "=" * 1000])
def test_odd_cookies(browser: httpx.Client, cookie: str) -> None:
    """What can be no id is no session, and is not on the page that says so."""
    answer = browser.post("/storage", data={"cookie": cookie})
    assert (200, True) == (answer.status_code, "No session. An id has 43 characters" in answer.text)
    assert '"><script>' not in answer.text


def test_what_is_stored_is_escaped(tmp_path: Path) -> None:
    """A name and metadata that look like markup are shown as text."""
    with SQLiteStorage(tmp_path / "demo.db") as storage:
        session_id, _ = create_session("<b>alice", storage, metadata={"browser": "</pre><script>alert(1)</script>"})
        storage.set("session:<i>", "<u>{", ttl=60)
        storage.set("session:x", "{<u>", ttl=60)
    with running(f"sqlite:///{tmp_path}/demo.db") as url, open_browser(url) as browser:
        browser.cookies["session_id"] = session_id
        page = "".join(browser.get(path).text for path in ("/", "/devices", "/storage"))
    assert [] == re.findall("<b>|<i>|<u>|</pre><script>", page)
    assert 3 == page.count("&lt;script&gt;alert(1)&lt;/script&gt;")


def test_a_user_agent_is_not_stored(browser: httpx.Client) -> None:
    """Of the header that a browser sends only a name that the site knows is kept."""
    with open_browser(str(browser.base_url), "<script>alert(1)</script> Firefox/1 Linux") as odd:
        odd.post("/login", data=ALICE)
        page = odd.get("/storage").text + odd.get("/devices").text
    assert (True, False) == ("Firefox on Linux" in page, "alert(1)" in page)


class UnknownStorage(MemoryStorage):
    """A storage of a kind that the page has no reader for."""


def test_a_storage_that_cannot_be_listed() -> None:
    """Where the page cannot read the entries it says so, and the site works."""
    with serving(in_thread(UnknownStorage())) as url, open_browser(url) as browser:
        assert "Hello, alice" in browser.post("/login", data=ALICE).text
        assert "The entries cannot be listed" in browser.get("/storage").text


def test_what_cannot_be_listed_has_not_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A storage that refuses to be listed for once has lost nothing, and the page says nothing of the kind."""
    storage = MemoryStorage()
    with serving(in_thread(storage)) as url, open_browser(url) as browser:
        browser.post("/login", data=ALICE)
        browser.get("/storage")
        with monkeypatch.context() as refusing:
            refusing.setattr(inside, "look", refuse)
            assert "The entries cannot be listed" in browser.get("/storage").text
        pages = [browser.get("/storage").text for _ in range(2)]
    assert not any(f">{what}</span> <code>" in page for page in pages for what in ("gone", "came"))


async def refuse(*arguments: object) -> None:
    raise StorageError


@pytest.mark.parametrize("value", ['{"name": "\\ud83d"}', "{" * 9000, '{"a":' * 4000, "{}" * 2_000_000])
def test_a_value_that_is_none_of_ours_is_shown(value: str) -> None:
    """Half a character, deep nesting and megabytes under a key that another program wrote are no error."""
    storage = MemoryStorage()
    storage.set("user:42", value)
    with serving(in_thread(storage)) as url, open_browser(url) as browser:
        assert (200, True) == ((page := browser.get("/storage")).status_code, "user:" in page.text)


@REDIS.skip
def test_an_outage_is_no_log_out() -> None:
    """While the server is gone the answer is 503 and the cookie stays; afterwards the session is there."""
    server = RedisServer()
    try:
        with serving(opened(server.url)) as url, open_browser(url) as browser:
            browser.post("/login", data=ALICE)
            server.kill()
            answer = browser.get("/storage")
            assert (503, False) == (answer.status_code, "Set-Cookie" in answer.headers)
            server.start()
            assert "Your session id is not in it" in browser.get("/storage").text
    finally:
        server.stop()
