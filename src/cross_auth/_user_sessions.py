"""The functions on the sessions of a user, sync: look at the arguments, then step the operation to its end."""

from cross_auth import _user_operations
from cross_auth._arguments import WANTED_INDEXED, is_session_id, is_user_id
from cross_auth._models import SessionInfo
from cross_auth._protocols import IndexedStorage
from cross_auth._refusals import check
from cross_auth._stepped import AwaitableIndex, run
from cross_auth._storage_kinds import is_indexed


def list_sessions(user_id: str, storage: IndexedStorage) -> list[SessionInfo]:
    """Return what a user may see of their live sessions, newest first.

    Reads each session once, and once more where it has an idle limit.
    Sessions that were made over a storage without an index are not known to it.
    Raises ``pydantic.ValidationError`` that names the parameter, and ``StorageError`` where the storage fails.
    """
    if not (is_user_id(user_id) and is_indexed(storage)):
        check("list_sessions", WANTED_INDEXED, user_id=user_id, storage=storage)
    return run(_user_operations.list_all(AwaitableIndex(storage), user_id))


def revoke_session(user_id: str, handle: str, storage: IndexedStorage) -> bool:
    """End one session of a user by its handle, and tell whether there was one.

    The handle of another user's session is no session of this user: nothing is ended.
    Raises ``pydantic.ValidationError`` that names the parameter, and ``StorageError`` where the storage fails.
    """
    if not (is_user_id(user_id) and type(handle) is str and is_indexed(storage)):
        check("revoke_session", WANTED_INDEXED, user_id=user_id, handle=handle, storage=storage)
    return run(_user_operations.revoke(AwaitableIndex(storage), user_id, handle))


def revoke_sessions(user_id: str, storage: IndexedStorage, *, keep: str | None = None) -> int:
    """End every session of a user and return how many there were.

    ``keep`` is the id of the session that stays, for "sign out everywhere else".
    Every other session whose ``create_session`` had returned before the call is dead after it,
    whatever ran beside it; one that is made meanwhile may live or not.
    Raises ``pydantic.ValidationError`` that names the parameter, also for a ``keep`` that cannot be an id,
    and ``StorageError`` where the storage fails: call again, until it returns.
    """
    kept = keep is None or (type(keep) is str and is_session_id(keep))
    if not (is_user_id(user_id) and is_indexed(storage) and kept):
        check("revoke_sessions", WANTED_INDEXED, user_id=user_id, storage=storage, keep=keep)
    return run(_user_operations.revoke_all(AwaitableIndex(storage), user_id, keep))
