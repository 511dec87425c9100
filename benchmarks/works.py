"""The calls that manage sessions, the same by hand, and the sessions that each is made about."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from secrets import token_urlsafe

from benchmarks import floor_of_user, floor_of_user_awaited
from benchmarks.sides import MAX_AGE, Side, user_ids
from cross_auth import SessionData, aio, get_session, list_sessions, renew_session, revoke_sessions, touch_session
from cross_auth._records import SKEW, activity_key, encode, encode_activity, handle_of, record_key, user_key


@dataclass(frozen=True)
class Work:
    """A call, about so many sessions each time, and how many of it make a round."""

    name: str
    operation: Callable[..., object]
    by_hand: Callable[..., object]
    prepare: Callable[[Side, int], list[str]]  # returns what so many calls are given
    calls: int = 100
    sessions: int = 1
    consumes: bool = False  # what it is given can be given once


def signed_in(
    side: Side, named: list[str], idle_timeout: int | None = None, since: timedelta = timedelta(0)
) -> list[str]:
    """Put in a session for each name, with its idle limit and its activity so long ago, and return their ids."""
    ids, now = [token_urlsafe(32) for _ in named], datetime.now(UTC)
    end, rows, members = now + timedelta(seconds=MAX_AGE), [], []
    for user_id, handle in zip(named, map(handle_of, ids), strict=True):
        session = SessionData(user_id=user_id, created_at=now, expires_at=end, handle=handle, idle_timeout=idle_timeout)
        members.append((user_key(user_id), handle, MAX_AGE + SKEW))
        rows.append((record_key(handle), encode(session), MAX_AGE))
        if idle_timeout:
            rows.append((activity_key(handle), encode_activity(handle, now - since), MAX_AGE))
    side.put(rows, members)
    return ids


def plain(side: Side, count: int) -> list[str]:
    return side.fill(count)


def idle(side: Side, count: int, since: timedelta) -> list[str]:
    """Return sessions with an idle limit, which were last active so long ago."""
    return signed_in(side, user_ids(count), MAX_AGE, since)


def users(side: Side, count: int, sessions: int) -> list[str]:
    """Return users with so many sessions each."""
    named = user_ids(count)
    signed_in(side, named * sessions)
    return named


_ACTIVE = partial(idle, since=timedelta(0))
_STALE = partial(idle, since=timedelta(seconds=MAX_AGE / 2))
_TEN, _THOUSAND = partial(users, sessions=10), partial(users, sessions=1000)
_GET, _TOUCH = (get_session, floor_of_user.get), (touch_session, floor_of_user.touch)
_LIST, _REVOKE = (list_sessions, floor_of_user.list_all), (revoke_sessions, floor_of_user.revoke_all)

WORKS = (
    Work("get", *_GET, plain),
    Work("get, idle limit", *_GET, _ACTIVE),
    Work("touch that writes nothing", *_TOUCH, _ACTIVE),
    Work("touch that writes", *_TOUCH, _STALE, consumes=True),
    Work("renewal", renew_session, floor_of_user.renew, plain, consumes=True),
    Work("list of 10", *_LIST, _TEN, calls=10, sessions=10),
    Work("list of 1000", *_LIST, _THOUSAND, calls=1, sessions=1000),
    Work("revocation of 10", *_REVOKE, _TEN, calls=10, sessions=10, consumes=True),
    Work("revocation of 1000", *_REVOKE, _THOUSAND, calls=1, sessions=1000, consumes=True),
)
AWAITED_WORKS = tuple(
    replace(
        work,
        operation=getattr(aio, work.operation.__name__),
        by_hand=getattr(floor_of_user_awaited, work.by_hand.__name__),
    )
    for work in WORKS
)
