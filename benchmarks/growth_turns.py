"""The work that is timed on a store with many sessions, and how the store gets them."""

import random
from collections.abc import Callable

from benchmarks.rounds import nanoseconds
from benchmarks.sides import user_ids
from benchmarks.stores import Opened
from benchmarks.written import fill, user_of
from cross_auth import IndexedStorage, create_session, delete_session, get_session

BLOCK = 10e6  # nanoseconds that one size is worked on before it is the next one's turn
BATCH = 64  # the library removes expired rows at every sixty-fourth write
Turn = Callable[[], float]


def filled_with(opened: Opened, size: int) -> list[str]:
    """Fill a store, and make sure that what is in it are sessions."""
    storage, filling = opened
    with filling() as put:
        ids = fill(put, size)
    for number in random.sample(range(size), min(size, 100)):
        session = get_session(ids[number], storage)
        assert session is not None
        assert user_of(number) == session.user_id
    return ids


def operations_of(turn: Turn) -> int:
    """Return how many operations fill a block."""
    turn()  # what is made once is made before the time counts
    return max(BATCH, int(BLOCK / turn()) // BATCH * BATCH)


def _getting(storage: IndexedStorage, ids: list[str], count: int) -> Turn:
    def turn() -> float:
        # New texts, as requests bring them: measured is where the storage has its own, not where these lie.
        asked = [each.encode().decode() for each in random.choices(ids, k=count)]
        spent = nanoseconds(get_session, asked, storage)
        assert get_session(asked[-1], storage) is not None  # what is not found is not parsed
        return spent

    return turn


def _creating(storage: IndexedStorage, _: list[str], count: int) -> Turn:
    def turn() -> float:
        made: list[str] = []
        spent = nanoseconds(lambda user, into: made.append(create_session(user, into)[0]), user_ids(count), storage)
        for session_id in made:  # so that the number of sessions stays what it is said to be
            delete_session(session_id, storage)
        return spent

    return turn


TURNS = {"get": _getting, "create": _creating}
