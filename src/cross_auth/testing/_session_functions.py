"""The session functions of one colour, called from sync code."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

import cross_auth
from cross_auth import SessionData, SessionInfo, aio
from cross_auth.testing._on_loop import run

T = TypeVar("T")
P = ParamSpec("P")


@dataclass(frozen=True)
class Functions:
    create: Callable[..., tuple[str, SessionData]]
    get: Callable[[str, Any], SessionData | None]
    touch: Callable[[str, Any], SessionData | None]
    delete: Callable[[str, Any], None]
    renew: Callable[[str, Any], tuple[str, SessionData] | None]
    list: Callable[[str, Any], list[SessionInfo]]
    revoke: Callable[[str, str, Any], bool]
    revoke_all: Callable[..., int]


def _on_loop(function: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, T]:
    return lambda *args, **kwargs: run(function(*args, **kwargs))


SYNC = Functions(
    create=cross_auth.create_session,
    get=cross_auth.get_session,
    touch=cross_auth.touch_session,
    delete=cross_auth.delete_session,
    renew=cross_auth.renew_session,
    list=cross_auth.list_sessions,
    revoke=cross_auth.revoke_session,
    revoke_all=cross_auth.revoke_sessions,
)
ASYNC = Functions(
    create=_on_loop(aio.create_session),
    get=_on_loop(aio.get_session),
    touch=_on_loop(aio.touch_session),
    delete=_on_loop(aio.delete_session),
    renew=_on_loop(aio.renew_session),
    list=_on_loop(aio.list_sessions),
    revoke=_on_loop(aio.revoke_session),
    revoke_all=_on_loop(aio.revoke_sessions),
)
