"""How the kit tells a storage that keeps sets from one that keeps none, and from one that keeps half of them."""

from collections.abc import Callable
from typing import Any

import pytest

from cross_auth import StorageError
from cross_auth._stepped import awaitable
from cross_auth.testing import check_concurrency
from cross_auth.testing._colours import async_recording, recording
from cross_auth.testing._index import METHODS, check_whole, listed, missing_in
from cross_auth.testing._laws import law
from cross_auth.testing._on_loop import as_written, opened, run
from cross_auth.testing._sentences import SENTENCES
from tests.doubles import FailingIndex, recorder
from tests.meta.mutants_async import AsyncPlain
from tests.meta.mutants_of_index import LacksDiscard, MembersAreATuple, MembersAreBytes, NoMembersAreNone
from tests.meta.mutants_of_index_async import AsyncIndexedPlain, AsyncLacksMembers
from tests.meta.mutants_plain import IndexedPlain, Plain


class Proxy:
    """Pass on what it has not itself."""

    def __init__(self, storage: Any) -> None:
        self.storage = storage

    def __getattr__(self, name: str) -> Any:
        return getattr(self.storage, name)


class HidesOnTheInstance(IndexedPlain):
    def __init__(self) -> None:
        super().__init__()
        self.members = None  # type: ignore[assignment, method-assign]  # what the mistake is


class OptsOut(IndexedPlain):
    add = members = discard = None  # type: ignore[assignment]  # as one does with __hash__


@law("storage-index-is-whole")
@pytest.mark.parametrize("storage", [Plain(), IndexedPlain(), Proxy(IndexedPlain()), Proxy(Plain()), OptsOut()])
def test_all_three_methods_or_none_are_right(storage: Any) -> None:
    """What passes the methods on by __getattr__ has them, and what says that it has none has none."""
    check_whole(storage)


@law("storage-index-is-whole")
@pytest.mark.parametrize(
    ("storage", "told"),
    [
        (LacksDiscard(), "LacksDiscard has add, members, no discard: sessions over this storage are not listed"),
        (Proxy(LacksDiscard()), "Proxy has add, members, no discard"),
        (HidesOnTheInstance(), "HidesOnTheInstance has add, discard, no members"),
        (as_written(opened(AsyncLacksMembers)), "AsyncLacksMembers has add, discard, no members"),
    ],
)
def test_some_of_the_methods_are_refused(storage: Any, told: str) -> None:
    """The message is the sentence, what is there and what is missing."""
    with pytest.raises(AssertionError) as caught:
        check_whole(storage)
    sentence, found = str(caught.value).split("\n")
    assert f"contract: {SENTENCES['storage-index-is-whole']}" == sentence
    assert found.startswith(told)


@law("storage-index-is-whole")
def test_the_check_of_concurrent_callers_refuses_some_of_the_methods() -> None:
    """It takes no second for that."""
    with pytest.raises(AssertionError, match="has add, members, no discard"):
        check_concurrency(LacksDiscard)


@pytest.mark.parametrize(
    ("adapted", "plain", "indexed"),
    [
        (recorder, Plain, IndexedPlain),
        (awaitable, Plain, IndexedPlain),
        (lambda storage: recording(storage, []), Plain, IndexedPlain),
        (lambda storage: async_recording(storage, []), AsyncPlain, AsyncIndexedPlain),
        (lambda storage: opened(lambda: storage), AsyncPlain, AsyncIndexedPlain),
    ],
)
def test_adapters_have_what_they_wrap(
    adapted: Callable[[Any], object], plain: Callable[[], object], indexed: Callable[[], object]
) -> None:
    """An adapter of the kit has the three methods where its storage has them, and only there."""
    assert (list(METHODS), []) == (missing_in(adapted(plain())), missing_in(adapted(indexed())))


def test_what_reaches_a_set_is_noted() -> None:
    """Keys and members are noted, and so are the members that come back."""
    seen: list[str] = []
    storage: Any = recording(IndexedPlain(), seen)
    storage.add("user:key", "member", 60)
    found = storage.members("user:key")
    storage.discard("user:key", "member")
    assert ["member"] == found
    assert ["user:key", "member", "user:key", "member", "user:key", "member"] == seen


def test_what_reaches_a_set_of_an_async_storage_is_noted() -> None:
    """The async form notes the same."""
    seen: list[str] = []
    storage: Any = async_recording(AsyncIndexedPlain(), seen)
    run(storage.add("user:key", "member", 60))
    found = run(storage.members("user:key"))
    run(storage.discard("user:key", "member"))
    assert ["member"] == found
    assert ["user:key", "member", "user:key", "member", "user:key", "member"] == seen


@pytest.mark.parametrize("storage", [MembersAreATuple(), MembersAreBytes(), NoMembersAreNone()])
def test_members_that_are_no_list_of_text_are_refused(storage: IndexedPlain) -> None:
    """A tuple, bytes and None are no list of text, though they could be compared with one."""
    if not isinstance(storage, NoMembersAreNone):
        storage.add("user:key", "member", 60)
    with pytest.raises(AssertionError, match="wanted a list of text"):
        listed(storage, "user:key")


def test_an_outage_of_sets_comes_through_with_the_sentence() -> None:
    """An exception of the storage keeps its type and gets a note."""
    with pytest.raises(StorageError) as caught:
        check_concurrency(lambda: FailingIndex(StorageError("down")))
    assert [f"contract: {SENTENCES['storage-index-is-atomic']}"] == caught.value.__notes__
