"""What a script of the page can do to the session cookie: nothing."""

import pytest

from cross_auth import SessionConfig, make_session_cookie
from cross_auth.testing._laws import law
from tests.browsers.laboratory import HOST, Laboratory

CONFIGS = [
    pytest.param(SessionConfig(), id="default"),
    pytest.param(SessionConfig(domain=HOST), id="domain"),
    pytest.param(SessionConfig(secure=False), id="not secure"),
    pytest.param(SessionConfig(partitioned=True), id="partitioned"),
    pytest.param(SessionConfig.host_prefixed(), id="prefix"),
    pytest.param(SessionConfig(name="__Host-Http-id"), id="prefix that says HttpOnly"),
]


def write(laboratory: Laboratory, header: str) -> str:
    """Write to document.cookie, and return what it then shows."""
    return str(laboratory.page.evaluate("text => { document.cookie = text; return document.cookie }", header))


@law("session-cookie-is-configured")
@pytest.mark.parametrize("config", CONFIGS)
def test_a_script_neither_sees_nor_changes_the_cookie(laboratory: Laboratory, config: SessionConfig) -> None:
    """document.cookie does not show it, and what is written there neither replaces nor removes it."""
    laboratory.jar.clear()
    laboratory.receive(make_session_cookie("of-the-server", config).to_header())
    [stored] = laboratory.jar.cookies()
    forged = make_session_cookie("of-the-script", config).to_header().replace("; HttpOnly", "")
    for header in (
        forged,
        forged.replace("Max-Age=86400", "Max-Age=0"),
        forged.replace("; Path=", "; HttpOnly; Path="),
    ):
        assert "" == write(laboratory, header)
        assert [stored] == laboratory.jar.cookies()


@pytest.mark.parametrize("config", CONFIGS[:-1])
def test_without_httponly_a_script_takes_it(laboratory: Laboratory, config: SessionConfig) -> None:
    """The same script sees and replaces a cookie that is not HttpOnly."""
    laboratory.jar.clear()
    header = make_session_cookie("of-the-server", config.model_copy(update={"httponly": False})).to_header()
    laboratory.receive(header)
    assert f"{config.name}=of-the-script" == write(laboratory, header.replace("of-the-server", "of-the-script"))
