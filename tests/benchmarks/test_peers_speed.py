"""The measurement beside other libraries: who runs, and what it says of what it found."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from benchmarks.bench import Bench
from benchmarks.peers.speed import entrants
from benchmarks.peers.speed.counting import calls, counting
from benchmarks.peers.speed.driving import WorkerError, driven
from benchmarks.peers.speed.entrants import OURS, STORES, Does, Entrant
from benchmarks.peers.speed.measuring import MISSING, measure
from benchmarks.peers.speed.page import plots, render
from benchmarks.peers.speed.places import places
from benchmarks.peers.speed.targets import targets
from benchmarks.peers.table import RESULTS, load
from benchmarks.servers import Servers
from tests.servers import redis_server

HASHING = Does("SHA-256", "Pydantic", "no", "JSON")
BARE = Does("no", "no", "no", "JSON")


@pytest.fixture
def bench(tmp_path: Path) -> Any:
    with ExitStack() as stack:
        yield Bench(tmp_path, Servers(stack), quick=True)


def test_what_cannot_run_is_a_row_with_its_reason(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the environment of the peers this library is measured all the same, and the page names the peers."""
    monkeypatch.setattr(entrants, "PEERS", bench.folder / "nowhere" / "python")
    sides = measure("memory", bench, rounds=2, sessions=5)
    page = render({"rounds": 2, "sessions": 5, "stores": {"memory": {"reason": "", "sides": sides}}})
    assert {entrant.name: "" if entrant.here else MISSING for entrant in STORES["memory"]} == {
        side["name"]: side["reason"] for side in sides
    }
    assert f"* crudauth could not be measured: `{MISSING}`." in page.splitlines()
    assert "| this library | SHA-256 | Pydantic | yes | no | JSON |" in page.splitlines()


def test_a_worker_says_why_it_does_not_run(bench: Bench) -> None:
    """The last line of what a process that ends had to say is the reason."""
    unknown = Entrant("unknown", "nobody", BARE, here=True)
    (place,) = places("memory", 1, bench.folder, bench.servers)
    with driven({unknown: place}) as workers, pytest.raises(WorkerError, match=r"No module named .*nobody"):
        workers[unknown].hear()


@pytest.mark.skipif(bool(redis_server.missing()), reason=redis_server.missing())
def test_the_calls_of_an_operation_are_counted(bench: Bench) -> None:
    """A creation asks Redis twice, for the index and for the record; a load asks once."""
    (place,) = places("Redis", 1, bench.folder, bench.servers)
    with driven({OURS: place}) as workers, counting("Redis", bench.servers) as counter:
        workers[OURS].hear()
        assert counter is not None
        assert {"create": 2, "get": 1, "delete": 2} == calls(workers[OURS], counter)


def seen(name: str, does: Does, ratio: float | None, *, peer: bool = True) -> dict[str, Any]:
    """Return a side that took so many times as long as this library at everything."""
    ratios = None if ratio is None else {"low": ratio, "median": ratio, "high": ratio}
    took = {"low": 900.0, "median": 1000.0, "high": 1100.0}
    operations = {each: {"nanoseconds": took, "ratio": ratios} for each in ("create", "get", "delete")}
    hello = {"version": "1.0", "beside": {"Python": "3.13.0"}, "journal_mode": "wal"}
    facts = {"does": vars(does), "operations": operations, "own_clock": True, "calls": None, "hello": hello}
    return {"name": name, "awaited": False, "peer": peer, "reason": "", **facts}


def found(store: str, *sides: dict[str, Any]) -> dict[str, Any]:
    ours = seen("this library", HASHING, None, peer=False)
    return {"rounds": 2, "sessions": 5, "stores": {store: {"reason": "", "sides": [ours, *sides]}}}


@pytest.mark.parametrize(
    ("store", "ratio", "met"),
    [
        ("memory", 1.1, [True] * 3),
        ("memory", 0.9, [False] * 3),
        ("Redis", 0.9, [False] * 3),
        ("SQLite", 20.5, [True]),
        ("SQLite", 19.0, [False]),
        ("PostgreSQL", 3.5, [True]),
        ("PostgreSQL", 2.9, [False]),
    ],
)
def test_a_target_is_held_to_the_nearest_peer(store: str, ratio: float, met: list[bool]) -> None:
    """The nearest peer decides whether a target is met, and the page says what bounds one that is not."""
    told = found(store, seen("Near", HASHING, ratio), seen("Far", HASHING, 100.0))
    assert met == [target.met for target in targets(told)]
    assert met.count(False) == render(told).count("What bounds it") + render(told).count("an index of the user, by")


def test_a_peer_that_does_less_is_not_the_nearest() -> None:
    """In memory and on Redis those count that hash, validate and expire; where there are none nothing is claimed."""
    assert [] == targets(found("memory", seen("Bare", BARE, 0.1)))


@pytest.mark.parametrize(("ours", "met"), [(2, True), (3, False)])
def test_a_floor_that_calls_its_server_less_often_is_told(ours: int, met: bool) -> None:
    """The library may ask a server as often as the work by hand, and no more."""
    told = found("Redis", seen("by hand", HASHING, 0.9, peer=False) | {"calls": {"create": 2}})
    told["stores"]["Redis"]["sides"][0]["calls"] = {"create": ours}
    (target,) = targets(told)
    assert met == target.met


def test_the_plot_shows_the_first_row_of_each_library() -> None:
    """A library that has two rows on a store has one bar there."""
    drawn = plots(found("Redis", seen("Near", HASHING, 2.0), seen("Near, again", HASHING, 3.0)))["peers.svg"]
    assert (1, 0) == (drawn.count("Near, On Redis:"), drawn.count("again"))


def test_what_is_said_of_hashing_was_seen() -> None:
    """A side is said to hash ids as the site of that library hides them; files are not asked about there."""
    hidden = {each.name.partition(",")[0]: each.answers["hidden"] == "yes" for each in load(RESULTS.read_text("utf-8"))}
    hidden["this library"] = hidden.pop("ours")
    said = {
        each.name.partition(",")[0]: each.does.hashes != "no"
        for store in ("SQLite", "Redis")
        for each in STORES[store]
        if each.store != "files" and each.module != "by_hand"
    }
    assert said == {name: hidden[name] for name in said}
