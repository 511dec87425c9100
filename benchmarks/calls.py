"""The calls that manage sessions, and the sessions that each is made about."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from benchmarks.sides import MAX_AGE, user_ids
from cross_auth import (
    IndexedStorage,
    create_session,
    get_session,
    list_sessions,
    renew_session,
    revoke_sessions,
    session_handle,
    touch_session,
)
from cross_auth._records import activity_key, encode_activity


@dataclass(frozen=True)
class Work:
    """A call, about so many sessions each time, and how many of it make a round."""

    name: str
    operation: Callable[..., object]
    prepare: Callable[[IndexedStorage, int], list[str]]  # returns what so many calls are given
    calls: int = 100
    sessions: int = 1
    consumes: bool = False  # what it is given can be given once


def plain(storage: IndexedStorage, count: int) -> list[str]:
    return [create_session(user_id, storage)[0] for user_id in user_ids(count)]


def idle(storage: IndexedStorage, count: int, since: timedelta) -> list[str]:
    """Return sessions with an idle limit, which were last active so long ago."""
    ids = [create_session(user_id, storage, idle_timeout=MAX_AGE)[0] for user_id in user_ids(count)]
    for handle in map(session_handle, ids):
        storage.set(activity_key(handle), encode_activity(handle, datetime.now(UTC) - since), ttl=MAX_AGE)
    return ids


def users(storage: IndexedStorage, count: int, sessions: int) -> list[str]:
    """Return users with so many sessions each."""
    named = user_ids(count)
    for user_id in named * sessions:
        create_session(user_id, storage)
    return named


_ACTIVE = partial(idle, since=timedelta(0))
_STALE = partial(idle, since=timedelta(seconds=MAX_AGE / 2))
_TEN, _THOUSAND = partial(users, sessions=10), partial(users, sessions=1000)

WORKS = (
    Work("get", get_session, plain),
    Work("get, idle limit", get_session, _ACTIVE),
    Work("touch that writes nothing", touch_session, _ACTIVE),
    Work("touch that writes", touch_session, _STALE, consumes=True),
    Work("renewal", renew_session, plain, consumes=True),
    Work("list of 10", list_sessions, _TEN, calls=10, sessions=10),
    Work("list of 1000", list_sessions, _THOUSAND, calls=1, sessions=1000),
    Work("revocation of 10", revoke_sessions, _TEN, calls=10, sessions=10, consumes=True),
    Work("revocation of 1000", revoke_sessions, _THOUSAND, calls=1, sessions=1000, consumes=True),
)


class Counted:
    """Stand before a storage and count what it is asked."""

    def __init__(self, storage: IndexedStorage) -> None:
        self._storage = storage
        self.calls = 0

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._storage, name)

        def call(*arguments: object, **named: object) -> Any:
            self.calls += 1
            return method(*arguments, **named)

        return call
