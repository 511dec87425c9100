"""The rows that the library writes for a session, taken down instead of stored: stores are then filled at once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from benchmarks.sides import MAX_AGE, Rows
from cross_auth import SecondaryStorage, create_session, session_handle
from cross_auth._records import SKEW, activity_key, encode_activity

CHUNK = 50_000  # sessions whose rows are held at a time
Put = Callable[[Rows, Rows], object]


@dataclass(frozen=True)
class Shape:
    """What the sessions of a fill have beside a user and their times."""

    name: str
    metadata: dict[str, str] = field(default_factory=dict)
    idle_timeout: int | None = None
    of_one_user: int = 1  # sessions; none is without an index


PLAIN = Shape("record and index entry")


class Written:
    """Stand in for a storage with an index that holds nothing, and take down what it is given."""

    def __init__(self) -> None:
        self.rows: Rows = []
        self.members_: Rows = []

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        assert ttl is not None
        self.rows.append((key, value, ttl))

    def get(self, key: str, /) -> str | None:
        return None

    def delete(self, key: str, /) -> None:
        return None

    def pop(self, key: str, /) -> str | None:
        return None

    def add(self, key: str, member: str, ttl: int, /) -> None:
        self.members_.append((key, member, ttl))

    def members(self, key: str, /) -> list[str]:
        return []

    def discard(self, key: str, member: str, /) -> None:
        return None


def user_of(number: int) -> str:
    return f"stored-{number:09}"


def write(numbers: range, storage: SecondaryStorage, shape: Shape = PLAIN) -> list[str]:
    """Create a session for each number; with an idle limit each has been active once."""
    ids = []
    for number in numbers:
        session_id, session = create_session(
            user_of(number // max(1, shape.of_one_user)),
            storage,
            max_age=MAX_AGE,
            idle_timeout=shape.idle_timeout,
            metadata=shape.metadata,
        )
        ids.append(session_id)
        if shape.idle_timeout:
            handle = session.handle or session_handle(session_id)
            activity = encode_activity(handle, datetime.now(UTC))
            storage.set(activity_key(handle), activity, ttl=shape.idle_timeout + SKEW)
    return ids


def fill(put: Put, count: int, shape: Shape = PLAIN) -> list[str]:
    """Put so many sessions in a store, and return their ids in the order of their users."""
    ids: list[str] = []
    for start in range(0, count, CHUNK):
        written = Written()
        ids += write(range(start, min(count, start + CHUNK)), written, shape)
        put(written.rows, written.members_)
    return ids
