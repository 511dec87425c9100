"""The users of the demo, and what is kept of their browsers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cross_auth import create_session
from cross_auth.storage.memory import MemoryStorage
from examples import pages


@pytest.mark.parametrize(
    ("username", "password", "known"),
    [
        ("alice", "looking-glass", True),
        ("alice", "looking-glass ", False),
        ("alice", "can-we-fix-it", False),
        ("nobody", "looking-glass", False),
        ("alice", "\ud800", False),
        ("", "", False),
    ],
)
def test_users_are_known_by_their_passwords(username: str, password: str, known: bool) -> None:
    """Only the password of the user is the password of the user."""
    assert known is pages.knows(username, password)


@pytest.mark.parametrize(
    ("user_agent", "browser"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605.1.15 Safari/605.1.15", "Safari on macOS"),
        ("curl/8.5.0", "curl"),
        ("", "Unknown browser"),
        (None, "Unknown browser"),
    ],
)
def test_devices_are_told_apart(user_agent: str | None, browser: str) -> None:
    """A browser is named by what it is and where it runs."""
    assert {"browser": browser} == pages.device(user_agent)


@given(st.text())
def test_no_user_agent_is_too_odd(user_agent: str) -> None:
    """Whatever the header says, a session takes what is kept of it."""
    create_session("alice", MemoryStorage(), metadata=pages.device(user_agent))
