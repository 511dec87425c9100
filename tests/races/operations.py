"""Which operations there are, each as the coroutine function and as the public sync function."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cross_auth import (
    _operations,
    _user_operations,
    create_session,
    delete_session,
    get_session,
    list_sessions,
    renew_session,
    revoke_session,
    revoke_sessions,
    touch_session,
)
from cross_auth._records import handle_of

MAX_AGE = 86400

Kind = Literal["make", "read", "guess", "touch", "list", "end", "revoke", "end all", "replace", "log in"]
Run = Callable[[Any, str, str], Coroutine[Any, Any, Any]]
Call = Callable[[Any, str, str], object]


@dataclass(frozen=True)
class Operation:
    """An operation on a storage, a user and an id: its kind says how its answer is judged.

    ``run`` is the coroutine function, and ``call`` calls the public sync function; both may ignore the id.
    A guess is a get that does not wait until its id was returned to someone.
    What ends all but one keeps the session whose id it takes.
    """

    kind: Kind
    run: Run
    call: Call | None = None
    takes: bool = True
    needs_index: bool = False

    @property
    def makes(self) -> bool:
        return self.kind in ("make", "replace", "log in")

    @property
    def keeps(self) -> bool:
        return self.kind == "end all" and self.takes


def _indexed(kind: Kind, run: Run, call: Call, *, takes: bool = True) -> Operation:
    return Operation(kind, run, call, takes, needs_index=True)


OPERATIONS: Mapping[str, Operation] = {
    "create": Operation(
        "make",
        lambda storage, user, _: _operations.create(storage, user, MAX_AGE),
        lambda storage, user, _: create_session(user, storage, MAX_AGE),
        takes=False,
    ),
    "delete": Operation(
        "end",
        lambda storage, _, session_id: _operations.delete(storage, session_id),
        lambda storage, _, session_id: delete_session(session_id, storage),
    ),
    "get": Operation(
        "read",
        lambda storage, _, session_id: _operations.get(storage, session_id),
        lambda storage, _, session_id: get_session(session_id, storage),
    ),
    "guess": Operation("guess", lambda storage, _, session_id: _operations.get(storage, session_id)),
    "list": _indexed(
        "list",
        lambda storage, user, _: _user_operations.list_all(storage, user),
        lambda storage, user, _: list_sessions(user, storage),
        takes=False,
    ),
    "log_in": Operation(
        "log in",
        lambda storage, user, session_id: _operations.create(storage, user, MAX_AGE, replaces=session_id),
        lambda storage, user, session_id: create_session(user, storage, MAX_AGE, replaces=session_id),
    ),
    "renew": _indexed(
        "replace",
        lambda storage, _, session_id: _operations.renew(storage, session_id),
        lambda storage, _, session_id: renew_session(session_id, storage),
    ),
    "revoke": _indexed(
        "revoke",
        lambda storage, user, session_id: _user_operations.revoke(storage, user, handle_of(session_id)),
        lambda storage, user, session_id: revoke_session(user, handle_of(session_id), storage),
    ),
    "revoke_all": _indexed(
        "end all",
        lambda storage, user, _: _user_operations.revoke_all(storage, user, None),
        lambda storage, user, _: revoke_sessions(user, storage),
        takes=False,
    ),
    "revoke_others": _indexed(
        "end all",
        lambda storage, user, session_id: _user_operations.revoke_all(storage, user, session_id),
        lambda storage, user, session_id: revoke_sessions(user, storage, keep=session_id),
    ),
    "touch": Operation(
        "touch",
        lambda storage, _, session_id: _operations.touch(storage, session_id),
        lambda storage, _, session_id: touch_session(session_id, storage),
    ),
}
