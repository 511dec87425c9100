"""What becomes of sets, by the contract of a storage that keeps them."""

import pytest

from cross_auth._protocols import IndexedStorage, SecondaryStorage
from cross_auth.testing._index import check_whole, listed
from cross_auth.testing._index_concurrency import members_are_always_seen, members_are_kept
from cross_auth.testing._laws import law
from cross_auth.testing._on_loop import as_written
from cross_auth.testing._storage_tests import StorageTests

_OTHER_KEYS = [
    "USER:KEY",
    "user:Key",
    "user:key ",
    " user:key",
    "user:ke",
    "user:key%",
    "user:k_y",
    "user:k*",
    "next:key",
]
_OTHER_MEMBERS = ["MEMBER", "Member", "member ", " member", "membe", "member%", "m_mber", "m?mber", "m*", "member:"]


class IndexTests(StorageTests):
    """The tests of sets; they are skipped where a storage keeps none."""

    @law("storage-index-is-whole")
    def test_add_members_and_discard_are_there_or_none_is(self, storage: SecondaryStorage) -> None:
        """A storage, or what wraps one, has all three methods of the index or none."""
        check_whole(as_written(storage))

    @law("storage-index-has-what-was-added")
    def test_members_that_were_added_are_there_once(self, index: IndexedStorage) -> None:
        """Each member of a set is in it once, however often it was added."""
        for member in ("first", "second", "first"):
            index.add("user:key", member, 60)
        assert ["first", "second"] == listed(index, "user:key")

    @law("storage-index-has-what-was-added")
    def test_a_set_that_has_no_member_is_an_empty_list(self, index: IndexedStorage) -> None:
        """A key that was never added to has no members, and neither has one whose last member is gone."""
        index.add("user:key", "member", 60)
        index.discard("user:key", "member")
        assert ([], []) == (listed(index, "user:key"), listed(index, "user:another"))

    @law("storage-index-has-what-was-added")
    def test_reading_members_changes_nothing(self, index: IndexedStorage) -> None:
        """A set can be read again and again."""
        index.add("user:key", "member", 60)
        assert [["member"]] * 3 == [listed(index, "user:key") for _ in range(3)]

    @law("storage-index-has-what-was-added")
    def test_200_members_are_kept(self, index: IndexedStorage) -> None:
        """The first of many members is there, and so is each of the others."""
        members = [f"member {number}" for number in range(100, 300)]
        for member in members:
            index.add("user:key", member, 60)
        assert members == listed(index, "user:key")

    @law("storage-index-has-what-was-added")
    def test_sets_and_values_are_kept_beside_each_other(self, index: IndexedStorage) -> None:
        """What is done with a value leaves a set as it was, and the other way round."""
        index.set("session:kept", "value")
        index.set("session:gone", "value")
        index.add("user:key", "member", 60)
        index.add("user:key", "gone", 60)
        index.delete("session:gone")
        index.discard("user:key", "gone")
        assert ("value", ["member"]) == (index.pop("session:kept"), listed(index, "user:key"))

    @law("storage-index-discard-is-quiet")
    def test_discard_removes_a_member_and_no_other(self, index: IndexedStorage) -> None:
        """A discarded member is gone; its neighbour stays, and so does the same member of another key."""
        for key, member in [("user:key", "member"), ("user:key", "neighbour"), ("user:another", "member")]:
            index.add(key, member, 60)
        index.discard("user:key", "member")
        assert (["neighbour"], ["member"]) == (listed(index, "user:key"), listed(index, "user:another"))

    @law("storage-index-discard-is-quiet")
    def test_discard_of_what_is_absent_is_a_no_op(self, index: IndexedStorage) -> None:
        """Discarding what is not there, or is there no more, raises nothing."""
        index.add("user:key", "member", 60)
        index.discard("user:key", "another")
        index.discard("user:another", "member")
        assert ["member"] == listed(index, "user:key")
        index.discard("user:key", "member")
        index.discard("user:key", "member")

    @law("storage-index-discard-is-quiet")
    def test_a_discarded_member_can_be_added_again(self, index: IndexedStorage) -> None:
        """A discard ends what was there, not what comes after it."""
        index.add("user:key", "member", 60)
        index.discard("user:key", "member")
        index.add("user:key", "member", 60)
        assert ["member"] == listed(index, "user:key")

    @law("storage-index-is-exact")
    def test_members_that_differ_in_one_byte_are_different_members(self, index: IndexedStorage) -> None:
        """Members are compared byte by byte: no folding, trimming or patterns."""
        for member in ("member", *_OTHER_MEMBERS):
            index.add("user:key", member, 60)
        assert sorted(["member", *_OTHER_MEMBERS]) == listed(index, "user:key")
        for other in _OTHER_MEMBERS:
            index.discard("user:key", other)
        assert ["member"] == listed(index, "user:key")

    @law("storage-index-is-exact")
    def test_sets_whose_keys_differ_in_one_byte_are_different_sets(self, index: IndexedStorage) -> None:
        """Keys of sets are compared byte by byte as well."""
        index.add("user:key", "member", 60)
        for other in _OTHER_KEYS:
            index.add(other, f"of {other}", 60)
            index.discard(other, "member")
        assert [["member"], *([f"of {other}"] for other in _OTHER_KEYS)] == [
            listed(index, key) for key in ("user:key", *_OTHER_KEYS)
        ]

    @law("storage-index-is-exact")
    def test_a_key_ends_where_its_member_begins(self, index: IndexedStorage) -> None:
        """A key and a member whose texts join to the same as those of another pair are a pair of their own."""
        pairs = [(f"user:a{between}b", "c", "user:a", f"b{between}c") for between in ":/,|.# "]
        for key, member, shorter, longer in pairs:
            index.add(key, member, 60)
            index.add(shorter, longer, 60)
        assert sorted(longer for *_, longer in pairs) == listed(index, "user:a")
        assert [["c"]] * len(pairs) == [listed(index, key) for key, *_ in pairs]

    @law("storage-index-is-exact")
    @pytest.mark.parametrize("length", [1, 128])
    def test_keys_and_members_have_1_to_128_characters(self, index: IndexedStorage, length: int) -> None:
        """The shortest and the longest are kept apart from those that differ in the last character."""
        a, b = "x" * (length - 1) + "a", "x" * (length - 1) + "b"
        for key, member in [(a, a), (a, b), (b, b)]:
            index.add(key, member, 60)
        assert ([a, b], [b]) == (listed(index, a), listed(index, b))

    @law("storage-index-is-exact")
    def test_many_sets_are_kept_apart(self, index: IndexedStorage) -> None:
        """Each of many keys has its own member and no other's."""
        keys = [f"user:{number}" for number in range(60)]
        for key in keys:
            index.add(key, key, 60)
        assert [[key] for key in keys] == [listed(index, key) for key in keys]

    @law("storage-index-is-atomic")
    def test_what_concurrent_callers_add_and_discard_is_all_done(self, index: IndexedStorage) -> None:
        """What callers add to the same sets at the same time is all there, and what they discard is not."""
        members_are_kept(index)

    @law("storage-index-is-atomic")
    def test_a_member_that_stays_is_seen_while_concurrent_ones_come_and_go(self, index: IndexedStorage) -> None:
        """Each read of a set has the member that nobody discards."""
        members_are_always_seen(index)
