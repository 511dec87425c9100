"""Whether a storage keeps sets, and what is in them."""

from typing import TypeGuard

from cross_auth._protocols import AsyncIndexedStorage, AsyncSecondaryStorage, IndexedStorage, SecondaryStorage
from cross_auth.testing._laws import clause

METHODS = ("add", "members", "discard")


def has_index(storage: SecondaryStorage) -> TypeGuard[IndexedStorage]:
    """Tell whether a storage has the three methods; those that ``__getattr__`` passes on are there."""
    return not missing_in(storage)


def has_async_index(storage: AsyncSecondaryStorage) -> TypeGuard[AsyncIndexedStorage]:
    """Tell the same of an async storage; whether its methods are coroutine functions is for the calls to say."""
    return not missing_in(storage)


def missing_in(storage: object) -> list[str]:
    """Return which of the three methods a storage has not."""
    return [name for name in METHODS if not callable(getattr(storage, name, None))]


def unlisted(storage: object) -> str:
    """Say what becomes of sessions over a storage that has not all three."""
    *others, last = missing_in(storage)
    names = f"{', '.join(others)} and {last}" if others else last
    return f"no {names}: sessions over this storage are not listed and cannot be revoked by user"


def check_whole(storage: object) -> None:
    """Raise where a storage, or its type, has some of the three methods and the storage has not all."""
    missing, kind = missing_in(storage), type(storage)
    of_kind = missing_in(kind)
    with clause("storage-index-is-whole"):
        there = [name for name in METHODS if name not in missing]
        assert not missing or missing == of_kind == [*METHODS], (
            f"{kind.__name__} has {', '.join([*there, unlisted(storage)])}"
        )


def listed(storage: IndexedStorage, key: str) -> list[str]:
    """Return the members of a key in order; whatever is no list of text is refused."""
    found: object = storage.members(key)
    is_list_of_text = isinstance(found, list) and all(isinstance(member, str) for member in found)
    assert is_list_of_text, f"members({key!r}): found {found!r:.200}, wanted a list of text"
    return sorted(found)  # type: ignore[call-overload, no-any-return]  # it is one
