"""The demo, driven over real HTTP."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from threading import Thread

import httpx
import pytest
import uvicorn

from cross_auth import SecondaryStorage, StorageError, create_session
from cross_auth.storage.memory import MemoryStorage
from examples.fastapi_app import create_app

SCRIPT = Path(__file__).parents[2] / "examples" / "fastapi_app.py"
ALICE = {"username": "alice", "password": "looking-glass"}
BOB = {"username": "bob", "password": "can-we-fix-it"}
FOREIGN_ID = "A" * 43


def environment(database: Path, port: object) -> dict[str, str]:
    return {**os.environ, "DATABASE": str(database), "PORT": str(port)}


def fail_to_run(database: Path, port: object) -> tuple[int, str, str]:
    """Run the script where it cannot start; return its exit code and what it printed."""
    ended = subprocess.run([sys.executable, SCRIPT], env=environment(database, port), capture_output=True, text=True)
    return ended.returncode, ended.stdout, ended.stderr


@contextmanager
def running(database: Path, stop: signal.Signals = signal.SIGTERM) -> Iterator[str]:
    """Run the script on a free port, and yield the address that it prints."""
    command = [sys.executable, str(SCRIPT)]
    with subprocess.Popen(command, env=environment(database, 0), stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            yield re.findall(r"http://127\.0\.0\.1:\d+", server.stdout.readline())[0]
        finally:
            server.send_signal(stop)
            server.wait(30)


@contextmanager
def serving(storage: SecondaryStorage) -> Iterator[str]:
    """Serve the site over a storage, and yield its address."""
    server = uvicorn.Server(uvicorn.Config(create_app(nullcontext(storage)), log_level="warning"))
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        thread = Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def open_browser(url: str) -> httpx.Client:
    return httpx.Client(base_url=url, trust_env=False, timeout=30)


def ask_with(session_id: str, url: str) -> httpx.Response:
    """Ask for the page with a cookie and no other state."""
    with open_browser(url) as other:
        return other.get("/", headers={"Cookie": f"session_id={session_id}"})


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(tmp_path_factory.mktemp("demo") / "demo.db") as url:
        yield url


@pytest.fixture
def browser(site: str) -> Iterator[httpx.Client]:
    with open_browser(site) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/login"])
def test_visitor_sees_the_form(browser: httpx.Client, path: str) -> None:
    """A visitor gets the form and no cookie, also where a failed log in left the browser."""
    answer = browser.get(path)
    assert (200, False) == (answer.status_code, "Set-Cookie" in answer.headers)
    assert 'action="/login"' in answer.text


def test_log_in_leads_home(browser: httpx.Client) -> None:
    """The right password is answered with 303 to the page of the session."""
    answer = browser.post("/login", data=ALICE)
    assert (303, "/") == (answer.status_code, answer.headers["Location"])
    assert "Hello, alice" in browser.get("/").text


def test_log_in_ignores_where_a_link_wants_to_lead(browser: httpx.Client) -> None:
    """No parameter changes where log in leads."""
    answer = browser.post("/login?next=//evil.example", data={**ALICE, "next": "//evil.example"})
    assert "/" == answer.headers["Location"]


def test_cookie_attributes(browser: httpx.Client) -> None:
    """The cookie is HttpOnly and SameSite=Lax, and works over plain HTTP."""
    header = browser.post("/login", data=ALICE).headers["Set-Cookie"]
    assert "Max-Age=86400; Path=/; HttpOnly; SameSite=Lax" == header.partition("; ")[2]


def test_page_tells_of_the_session(browser: httpx.Client) -> None:
    """The page shows the session and its cookie's attributes, and the id nowhere."""
    browser.post("/login", data=ALICE)
    session_id = browser.cookies["session_id"]
    page = browser.get("/").text
    rows = dict(re.findall(r"<th[^>]*>(.*?)</th><td[^>]*>(?:<code>)?(.*?)(?:</code>)?</td>", page))
    began, ends = moment(rows.pop("Began")), moment(rows.pop("Ends"))
    assert timedelta(days=1) == ends - began
    assert timedelta() <= datetime.now(UTC) - began < timedelta(minutes=2)
    wanted = {
        "Handle": sha256(session_id.encode()).hexdigest()[:12],
        "Name": "session_id",
        "Max-Age": "86400 seconds",
        "Path": "/",
        "Domain": "not sent",
        "Secure": "not sent",
        "HttpOnly": "sent",
        "SameSite": "lax",
    }
    assert wanted == rows
    assert session_id not in page


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%d %b %Y, %H:%M UTC").replace(tzinfo=UTC)


@pytest.mark.parametrize("username", ["alice", "nobody", " "], ids=["known", "unknown", "blank"])
def test_wrong_password(browser: httpx.Client, username: str) -> None:
    """A wrong password and an unknown user get the same words, 401 and no cookie."""
    answer = browser.post("/login", data={"username": username, "password": "wrong"})
    assert (401, False) == (answer.status_code, "Set-Cookie" in answer.headers)
    assert "Wrong name or password." in answer.text


def test_second_log_in_ends_the_first_session(browser: httpx.Client, site: str) -> None:
    """A second log in makes a new session, and the old one is gone."""
    browser.post("/login", data=ALICE)
    old_id = browser.cookies["session_id"]
    browser.post("/login", data=BOB)
    assert "Hello, bob" in browser.get("/").text
    assert "Hello" not in ask_with(old_id, site).text


def test_failed_log_in_keeps_the_session(browser: httpx.Client) -> None:
    """A wrong password does not end the session that the request carries."""
    browser.post("/login", data=ALICE)
    browser.post("/login", data={**BOB, "password": "wrong"})
    assert "Hello, alice" in browser.get("/").text


def test_log_in_never_adopts_an_id(browser: httpx.Client, site: str) -> None:
    """An id that the client brings along does not become a session (session fixation)."""
    browser.post("/login", data=ALICE, headers={"Cookie": f"session_id={FOREIGN_ID}"})
    assert FOREIGN_ID != browser.cookies["session_id"]
    assert "Hello" not in ask_with(FOREIGN_ID, site).text


def test_log_out_ends_every_copy(browser: httpx.Client, site: str) -> None:
    """Log out leads home, drops the cookie and ends the session for copies of the cookie."""
    browser.post("/login", data=ALICE)
    copied = browser.cookies["session_id"]
    answer = browser.post("/logout")
    assert (303, "/", {}) == (answer.status_code, answer.headers["Location"], dict(browser.cookies))
    assert "Hello" not in ask_with(copied, site).text


def test_log_out_without_a_session(browser: httpx.Client) -> None:
    """Logging out twice is no error."""
    assert 303 == browser.post("/logout").status_code


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
    ids=["site", "port", "null", "fetch"],
)
def test_posts_of_other_sites_are_refused(browser: httpx.Client, headers: dict[str, str]) -> None:
    """A post that another site caused changes nothing."""
    browser.post("/login", data=ALICE)
    assert 403 == browser.post("/logout", headers=headers).status_code
    assert 403 == browser.post("/login", data=BOB, headers=headers).status_code
    assert "Hello, alice" in browser.get("/").text


def test_posts_of_the_own_site_pass(browser: httpx.Client, site: str) -> None:
    """A post with the site's own origin is taken."""
    answer = browser.post("/login", data=ALICE, headers={"Origin": site, "Sec-Fetch-Site": "same-origin"})
    assert 303 == answer.status_code


@pytest.mark.parametrize(
    ("method", "path", "data"),
    [
        ("GET", "/", None),
        ("GET", "/login", None),
        ("GET", "/nowhere", None),
        ("POST", "/login", ALICE),
        ("POST", "/login", {**ALICE, "password": "wrong"}),
        ("POST", "/login", {}),
        ("POST", "/logout", None),
    ],
)
def test_nothing_is_cached(browser: httpx.Client, method: str, path: str, data: dict[str, str] | None) -> None:
    """Every answer says ``Cache-Control: no-store``."""
    assert "no-store" == browser.request(method, path, data=data).headers["Cache-Control"]


FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        pytest.param(b"", FORM, 422, id="empty"),
        pytest.param(b"username=alice", FORM, 422, id="no password"),
        pytest.param(b"password=wrong", FORM, 422, id="no name"),
        pytest.param(b'{"username": "alice", "password": "looking-glass"}', "application/json", 422, id="JSON"),
        pytest.param(b"username=alice&password=looking-glass", "text/plain", 422, id="text"),
        pytest.param(b"not multipart", MULTIPART, 400, id="broken multipart"),
        pytest.param(b"--b--", "multipart/form-data", 400, id="no boundary"),
        pytest.param(
            b'--b\r\nContent-Disposition: form-data; name="username"; filename="f"\r\n\r\nalice\r\n--b--\r\n',
            MULTIPART,
            422,
            id="file",
        ),
        pytest.param(b"username=%ff%00&password=\xff%ed%a0%80", FORM, 401, id="not UTF-8"),
        pytest.param(b"username=alice&password=" + b"x" * 1_000_000, FORM, 413, id="huge"),
        pytest.param([b"username=alice&password=", b"x"], FORM, 413, id="without a length"),
    ],
)
def test_odd_bodies(browser: httpx.Client, content: bytes | list[bytes], content_type: str, status: int) -> None:
    """What is not the form that the page holds is answered with a status in the 400s."""
    assert status == browser.post("/login", content=content, headers={"Content-Type": content_type}).status_code


def test_missing_field_shows_the_form(browser: httpx.Client) -> None:
    """A form that lacks a field comes back with what it lacks."""
    assert "Fill in both the name and the password." in browser.post("/login", data={"username": "alice"}).text


def test_typed_name_is_escaped(browser: httpx.Client) -> None:
    """A name that was typed comes back as text, not as markup."""
    answer = browser.post("/login", data={"username": '"><script>', "password": "wrong"})
    assert 'value="&quot;&gt;&lt;script&gt;"' in answer.text


def test_user_id_is_escaped() -> None:
    """The name of a user is shown as text, not as markup."""
    storage = MemoryStorage()
    session_id, _ = create_session("<b>{0}", storage)
    with serving(storage) as url:
        assert "Hello, &lt;b&gt;{0}<" in ask_with(session_id, url).text


class BrokenStorage:
    """Fail at everything."""

    def _fail(self, key: str, /) -> None:
        raise StorageError("the storage is down")

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        self._fail(key)

    get = delete = pop = _fail


@pytest.mark.parametrize(
    ("method", "path", "data"), [("GET", "/", None), ("POST", "/login", ALICE), ("POST", "/logout", None)]
)
def test_outage_is_no_log_out(method: str, path: str, data: dict[str, str] | None) -> None:
    """While the storage fails the answer is 503 and the cookie stays."""
    with serving(BrokenStorage()) as url, open_browser(url) as client:
        answer = client.request(method, path, data=data, headers={"Cookie": f"session_id={FOREIGN_ID}"})
    assert (503, False) == (answer.status_code, "Set-Cookie" in answer.headers)
    assert "Sessions cannot be reached right now." in answer.text


def test_session_outlives_the_server(tmp_path: Path) -> None:
    """A session that was made before a restart is live after it."""
    with running(tmp_path / "demo.db") as url, open_browser(url) as client:
        client.post("/login", data=ALICE)
        session_id = client.cookies["session_id"]
    with running(tmp_path / "demo.db") as url:
        assert "Hello, alice" in ask_with(session_id, url).text


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_end_is_quiet(tmp_path: Path, stop: signal.Signals, capfd: pytest.CaptureFixture[str]) -> None:
    """A server that is stopped closes its database and shows no traceback."""
    with running(tmp_path / "demo.db", stop) as url, open_browser(url) as client:
        client.get("/")
    assert ([tmp_path / "demo.db"], "") == (list(tmp_path.iterdir()), capfd.readouterr().err)


def test_port_is_taken(site: str, tmp_path: Path) -> None:
    """A taken port is reported in one line that tells how to choose another."""
    port = int(site.rpartition(":")[2])
    wanted = f"Port {port} is taken or reserved; choose another one: PORT={port + 1} make demo\n"
    assert (1, "", wanted) == fail_to_run(tmp_path / "demo.db", port)


@pytest.mark.parametrize(
    ("port", "why"),
    [(65536, "bind(): port must be 0-65535."), ("web", "invalid literal for int() with base 10: 'web'")],
)
def test_no_such_port(tmp_path: Path, port: object, why: str) -> None:
    """What is no port is refused in one line."""
    assert (1, "", f"The demo cannot start: {why}\n") == fail_to_run(tmp_path / "demo.db", port)


def test_database_cannot_be_made(tmp_path: Path) -> None:
    """A database that cannot be opened is named in one line."""
    database = tmp_path / "missing" / "demo.db"
    assert (1, "", f"The demo cannot start: {database}: No such file or directory\n") == fail_to_run(database, 0)
