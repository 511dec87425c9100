"""What the benchmarks of many sessions stand on: rows that are sessions, sizes that rise, slots that are counted."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, nullcontext
from pathlib import Path

import pytest

from benchmarks import growth, rates, sizes, slots
from benchmarks.backends import BACKENDS
from benchmarks.bench import Bench
from benchmarks.growth_turns import filled_with
from benchmarks.servers import Servers
from benchmarks.sizes_of_servers import in_sqlite
from benchmarks.stores import STORES, Stores
from benchmarks.written import PLAIN, Shape, Written, write
from cross_auth import create_session, list_sessions
from cross_auth.storage.memory import MemoryStorage

EVERYTHING = Shape("everything", {"browser": "a browser"}, idle_timeout=600)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with ExitStack() as stack:
        yield Bench(tmp_path, Servers(stack), quick=True)


@pytest.fixture(params=["memory", "SQLite FULL"])
def stores(request: pytest.FixtureRequest, bench: Bench) -> Iterator[Stores]:
    with STORES[request.param].open(bench.folder, bench.servers) as opened:
        yield opened


def test_what_is_put_in_at_once_is_what_is_put_in_one_by_one(stores: Stores) -> None:
    """Sessions from a bulk of rows are found by their ids, and listed by their users."""
    with stores.open(0) as opened:
        assert 60 == len(filled_with(opened, 60))
        assert 1 == len(list_sessions("stored-000000059", opened[0]))


def test_a_store_that_lost_rows_is_noticed(stores: Stores) -> None:
    """Where the rows do not arrive, the filling fails rather than that nothing is measured."""
    with stores.open(0) as (storage, _), pytest.raises(AssertionError):
        filled_with((storage, lambda: nullcontext(lambda rows, members: None)), 60)


def test_rows_are_those_of_a_storage() -> None:
    """What is taken down has the keys, in number and kind, that the library writes into a storage."""
    written = Written()
    write(range(3), written, EVERYTHING)
    assert ["session", "alive"] * 3 == [key.partition(":")[0] for key, _, _ in written.rows]
    assert ["user"] * 3 == [key.partition(":")[0] for key, _, _ in written.members_]
    storage = MemoryStorage()
    create_session("stored-000000000", storage)
    plain = Written()
    write(range(1), plain, PLAIN)
    expected = [(len(key), len(entry.value or "")) for key, entry in storage._entries.items()]
    assert expected == [(len(key), len(value)) for key, value, _ in plain.rows]


def test_growth_is_measured_by_size_and_within_one_round(stores: Stores) -> None:
    """Each operation has a time for each size, and the ratio of the fewest to itself is one."""
    for found in growth.measure("a storage", stores, (50, 100), rounds=2):
        assert ["50", "100"] == list(found.calls)
        assert 1.0 == found.ratios["50"].median


def test_a_get_that_grows_too_much_is_told() -> None:
    """The target of a storage is not met where the ratio at the most sessions is above its limit."""
    ratios = {"10": {"median": 1.0}, "1000": {"median": 9.0}}
    row = {"storage": "memory", "operation": "get", "ratios": ratios}
    (target,) = growth.targets({"sizes": [10, 1000], "rows": [row]})
    assert not target.met
    assert "get at 1,000 sessions" in target.claim


def test_a_session_with_more_in_it_takes_more_bytes(bench: Bench) -> None:
    """The sizes of a SQLite file rise with what a session has."""
    found = {shape.name: in_sqlite(bench, shape, 500)["file"] for shape in sizes.SHAPES}
    alone, plain, *_, everything = found.values()
    assert alone < plain < everything


@pytest.mark.parametrize("call", rates.CALLS)
def test_the_time_of_a_call_is_shared_out_to_the_processors(call: str, bench: Bench) -> None:
    """Where the server is this process, its processor is at work for the whole call; a call asks twice or thrice."""
    with BACKENDS["memory"].open(bench.folder, bench.servers) as pair, pair.library.open() as store:
        found = rates.measure("memory", call, pair.library, store, os.getpid(), block=0.3e9)
    assert (3 if call == "touch that writes" else 2) == found.asks
    assert found.whole * 0.5 < found.server < found.whole * 1.5
    assert found.application <= found.whole * 1.1


def test_a_site_needs_what_its_calls_keep_at_work() -> None:
    """A second for each of a million sessions every ten minutes keeps 1 667 at work; a part of one is one."""
    nothing = {"create": 0.0, "delete": 0.0, "touch that writes": 0.0}
    assert ["1,667", "166,667", "1,666,667"] == list(rates.at_work({**nothing, "touch that writes": 1e9}))
    assert ["24", "2,315", "23,149"] == list(rates.at_work({**nothing, "create": 1e9, "delete": 1e9}))
    assert ["1", "1", "1"] == list(rates.at_work({**nothing, "create": 1.0}))


def test_slots_that_are_even_and_slots_that_are_not_are_told_apart() -> None:
    """An even spread is likely and fills no node more than others; one slot for all keys is neither."""
    even = slots.spread("even", range(slots.SLOTS))
    lumped = slots.spread("lumped", [7] * slots.SLOTS)
    assert (1, 1, 0.0) == (even.least, even.most, even.chi_square)
    assert (0, slots.SLOTS) == (lumped.least, lumped.most)
    assert {"3": 3.0, "6": 6.0, "12": 12.0} == lumped.fullest
    assert lumped.likelihood < slots.UNLIKELY < even.likelihood


@pytest.mark.parametrize("kind", slots.KEYS)
def test_keys_spread_over_the_slots(kind: str) -> None:
    """Keys of each kind begin with its name, and as many fall into as many slots as chance has it."""
    assert slots.KEYS[kind](1).startswith(kind)
    found = slots.spread(kind, slots.slots_of(slots.KEYS[kind], 20_000))
    assert 1e-9 < found.likelihood


def test_a_key_with_a_hash_tag_is_refused() -> None:
    """A key with braces, whose slot would be that of all with the same braces, ends the count."""
    with pytest.raises(AssertionError):
        list(slots.slots_of(lambda number: f"{{tag}}:{number}", 1))
