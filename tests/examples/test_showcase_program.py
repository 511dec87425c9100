"""The showcase, started and stopped as a reader does it."""

import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.examples.showcase_program import ALICE, ROOT, environment, fail_to_run, id_of, open_browser, running
from tests.servers.ports import free_port, wait_until


def test_session_outlives_the_program(tmp_path: Path) -> None:
    """A session that was made before a restart is live after it."""
    storage = f"sqlite:///{tmp_path}/demo.db"
    with running(storage) as url, open_browser(url) as browser:
        browser.post("/login", data=ALICE)
        session_id = id_of(browser)
    with running(storage) as url:
        page = httpx.get(url, cookies={"session_id": session_id}, trust_env=False).text
    assert "Hello, alice" in page


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_end_is_quiet(tmp_path: Path, stop: signal.Signals, capfd: pytest.CaptureFixture[str]) -> None:
    """A program that is stopped closes its database and shows no traceback."""
    with running(f"sqlite:///{tmp_path}/demo.db", stop) as url, open_browser(url) as browser:
        browser.get("/storage")
    assert ([tmp_path / "demo.db"], "") == (list(tmp_path.iterdir()), capfd.readouterr().err)


def test_log_goes_to_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    """The library's log lines are shown, with no more of a session than a part of its handle."""
    with running("memory://") as url, open_browser(url) as browser:
        browser.post("/login", data=ALICE)
        browser.post("/logout")
    lines = capfd.readouterr().err.splitlines()
    assert ["created", "deleted"] == [line.rpartition(": ")[2] for line in lines]


def test_port_is_taken() -> None:
    """A taken port is reported in one line that tells how to choose another."""
    with running("memory://") as url:
        port = int(url.rpartition(":")[2])
        wanted = f"Port {port} is taken or reserved; choose another one: PORT={port + 1} make demo\n"
        assert (1, "", wanted) == fail_to_run("memory://", port)


@pytest.mark.parametrize(
    ("port", "why"),
    [(65536, "bind(): port must be 0-65535."), ("web", "invalid literal for int() with base 10: 'web'")],
)
def test_no_such_port(port: object, why: str) -> None:
    """What is no port is refused in one line."""
    assert (1, "", f"The demo cannot start: {why}\n") == fail_to_run("memory://", port)


@pytest.mark.parametrize(
    ("storage", "told"),
    [
        ("", "url should begin with one of memory://"),
        ("demo.db", "url should begin with one of memory://"),
        ("https://user:secret@example.org", "url should begin with one of memory://"),
        ("memory://secret", "url should be memory:// and nothing more"),
        ("postgresql+asyncpg://user:secret@127.0.0.1/x", "url should name no async driver"),
        ("sqlite:////no-such-folder/demo.db", "/no-such-folder/demo.db: No such file or directory"),
        ("redis://:secret@127.0.0.1:1/0?secret=secret", "url should be redis://, rediss://, unix://"),
    ],
)
def test_wrong_storage(storage: str, told: str) -> None:
    """A storage that cannot be opened is told in one line, which holds no password."""
    code, said, errors = fail_to_run(storage)
    assert (1, "", 1) == (code, said, len(errors.splitlines()))
    assert errors.startswith(f"The demo cannot start: {told}")
    assert "secret" not in errors


@pytest.mark.parametrize("scheme", ["redis", "redis+cluster", "postgresql", "mysql"])
def test_unreachable_server(scheme: str) -> None:
    """A server that does not answer is told in one line, which holds no password, before a page is served."""
    code, said, errors = fail_to_run(f"{scheme}://someone:secret@127.0.0.1:{free_port()}/0")
    assert (1, "", 1) == (code, said, len(errors.splitlines()))
    assert errors.startswith("The demo cannot start: ")
    assert "secret" not in errors


@pytest.mark.parametrize(("storage", "package"), [("redis", "redis"), ("postgresql", "psycopg"), ("mysql", "pymysql")])
def test_missing_extra(storage: str, package: str) -> None:
    """A client that is not installed is told in one line, with how to install it."""
    start = f"""if True:
        import runpy, sys
        sys.modules['{package}'] = None
        runpy.run_module('examples.showcase', run_name='__main__')
    """
    code, said, errors = fail_to_run(f"{storage}://127.0.0.1/0", command=[sys.executable, "-c", start])
    assert (1, "", 1) == (code, said, len(errors.splitlines()))
    assert "pip install 'cross-auth-sessions[" in errors


def test_workers_share_the_storage(tmp_path: Path) -> None:
    """Several workers, each with a storage of its own on one file, serve the same sessions."""
    port = free_port()
    options = ["--factory", "--workers", "2", "--port", str(port), "--log-level", "warning"]
    command = [sys.executable, "-m", "uvicorn", "examples.showcase:from_environment", *options]
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, cwd=ROOT, env=environment(f"sqlite:///{tmp_path}/demo.db", port)) as server:
        wait_until(lambda: httpx.get(url, trust_env=False))
        with open_browser(url) as browser:
            browser.post("/login", data=ALICE)
            cookies = {"session_id": id_of(browser)}
        pages = [httpx.get(url, cookies=cookies, trust_env=False).text for _ in range(20)]  # each on a connection
        server.terminate()
    assert 20 == sum("Hello, alice" in page for page in pages)
