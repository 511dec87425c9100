"""What a side checks of its sessions while it is measured beside others."""

from collections.abc import Awaitable
from time import time
from typing import Any

import pytest

from benchmarks.peers.speed.worker import LIFETIME, Sessions, Worker


class Kept:
    """Keep users in a dictionary, by ids that are told."""

    def __init__(self) -> None:
        self.users: dict[str, tuple[str, float]] = {}

    def create(self, user: str) -> str:
        self.users[f"id of {user}"] = user, time() + LIFETIME
        return f"id of {user}"

    def get(self, session_id: str) -> str | None:
        user, ends = self.users.get(session_id, ("", 0.0))
        return user if time() < ends else None

    def delete(self, session_id: str) -> None:
        del self.users[session_id]


def working(sessions: Sessions) -> Worker:
    def never(awaitable: Awaitable[Any]) -> Any:
        raise AssertionError(f"{awaitable} is to be awaited")

    return Worker(sessions, never)


def test_a_worker_times_each_operation() -> None:
    """Each operation takes some time, and the sessions are gone in the end."""
    kept = Kept()
    worker = working(Sessions(kept.create, kept.get, kept.delete))
    worker.use()
    assert [True, True, True] == [(taken or 0) > 0 for taken in (worker.create(3), worker.get(6), worker.delete())]
    worker.gone()
    assert {} == kept.users


def test_a_side_that_mixes_users_up_is_found() -> None:
    """A session that is another user's ends the measurement."""
    kept = Kept()
    worker = working(Sessions(kept.create, lambda session_id: "user-0", kept.delete))
    worker.create(2)
    with pytest.raises(AssertionError, match="not its user's"):
        worker.get(2)


def test_a_side_that_ends_nothing_is_found() -> None:
    """A session that is loaded after its end ends the measurement."""
    kept = Kept()
    worker = working(Sessions(kept.create, kept.get, lambda session_id: None))
    worker.create(2)
    worker.delete()
    with pytest.raises(AssertionError, match="outlived its end"):
        worker.gone()


def test_an_end_by_the_own_clock_is_seen() -> None:
    """A session is over when its time is, unless the side does not look at a clock."""
    kept = Kept()
    worker = working(Sessions(kept.create, kept.get, kept.delete))
    endless = working(Sessions(kept.create, lambda session_id: "user", kept.delete))
    assert (True, False) == (worker.ends(), endless.ends())
