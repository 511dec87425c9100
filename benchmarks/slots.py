"""How evenly the keys of sessions spread over the slots of a Redis Cluster, and so over its nodes.

Run ``python -m benchmarks.slots``; the shorter ``--quick`` is for a first look.
"""

from array import array
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from itertools import pairwise
from math import sqrt
from random import randrange
from secrets import token_urlsafe
from statistics import NormalDist
from typing import Any

from redis.crc import key_slot

from benchmarks.alone import alone
from benchmarks.bench import Bench, Target
from benchmarks.table import digits, table
from cross_auth._records import activity_key, handle_of, record_key, successors_key, user_key

SLOTS = 16_384
NODES = (3, 6, 12)
BY_CHANCE = "drawn by chance"
UNLIKELY = 0.0001  # a spread by chance is as uneven once in ten thousand times
KEYS: dict[str, Callable[[int], str]] = {
    "session:": lambda number: record_key(handle_of(token_urlsafe(32))),
    "alive:": lambda number: activity_key(handle_of(token_urlsafe(32))),
    "next:": lambda number: successors_key(handle_of(token_urlsafe(32))),
    "user:": lambda number: user_key(f"user-{number}"),  # users are often numbered
}


@dataclass(frozen=True)
class Spread:
    """How many keys the slots have, and how many times its share the fullest of so many nodes has."""

    keys: str
    count: int
    least: int
    mean: float
    most: int
    chi_square: float
    likelihood: float  # that chance is as uneven
    fullest: dict[str, float]


def spread(keys: str, slots: Iterable[int]) -> Spread:
    counts = array("l", bytes(array("l").itemsize * SLOTS))
    for slot in slots:
        counts[slot] += 1
    count = sum(counts)
    mean = count / SLOTS
    chi_square = sum((each - mean) ** 2 for each in counts) / mean
    freedom = SLOTS - 1  # so many that the square is as good as normally distributed
    likelihood = 1 - NormalDist(freedom, sqrt(2 * freedom)).cdf(chi_square)
    fullest = {str(nodes): _fullest(counts, nodes) for nodes in NODES}
    return Spread(keys, count, min(counts), mean, max(counts), chi_square, likelihood, fullest)


def _fullest(counts: "array[int]", nodes: int) -> float:
    """Return the load of the fullest node as a multiple of an even share; each has slots that follow one another."""
    borders = [SLOTS * number // nodes for number in range(nodes + 1)]
    loads = [sum(counts[first:last]) for first, last in pairwise(borders)]
    return max(loads) * nodes / sum(counts)


def slots_of(make: Callable[[int], str], count: int) -> Iterable[int]:
    for number in range(count):
        key = make(number)
        assert "{" not in key  # what is in braces would be all that counts
        yield key_slot(key.encode())


def run(bench: Bench) -> Any:
    count = bench.rounds(1_000_000, 100_000)
    rows: list[dict[str, Any]] = []
    for name, make in KEYS.items():
        if bench.only.lower() in name:
            rows.append(asdict(spread(name, slots_of(make, count))))
            print(line(rows[-1]), flush=True)
    rows.append(asdict(spread(BY_CHANCE, (randrange(SLOTS) for _ in range(count)))))
    print(line(rows[-1]), flush=True)
    return {"count": count, "rows": rows}


def line(row: Any) -> str:
    nodes = ", ".join(f"{share:.4f}x of {count}" for count, share in row["fullest"].items())
    return (
        f"{row['keys']:<18}{row['least']:>6} to {row['most']:<6}chi-square {row['chi_square']:,.0f}"
        f" (p {row['likelihood']:.3f})  fullest node {nodes}"
    )


def render(found: Any) -> str:
    head = ["keys", "least", "mean", "most", "chi-square", "p", *(f"fullest of {nodes}" for nodes in NODES)]
    rows = [
        [
            row["keys"] if row["keys"] == BY_CHANCE else f"`{row['keys']}`",
            str(row["least"]),
            digits(row["mean"]),
            str(row["most"]),
            f"{row['chi_square']:,.0f}",
            f"{row['likelihood']:.3f}",
            *(f"{(share - 1) * 100:+.2f} %" for share in row["fullest"].values()),
        ]
        for row in found["rows"]
    ]
    return f"""## How keys spread over a cluster

{found["count"]:,} keys of each kind, as the library makes them, \
put into the {SLOTS:,} slots of a Redis Cluster by the client's own function.
The columns are how many keys a slot has, the chi-square of that against an even spread ({SLOTS - 1:,} are expected), \
how often chance alone is less even (p), and how much more than its share the fullest of so many nodes has.

{table(head, rows)}

* The last row is what numbers drawn by chance do; nothing that hashes its keys can be expected to be more even.
* No key has braces, so no two keys of a session, and no two sessions of a user, are held together in one slot.
"""


def targets(found: Any) -> list[Target]:
    """Return that each kind of key is spread as evenly as chance has it."""
    return [
        Target(f"`{row['keys']}` keys: p of their spread over the slots", UNLIKELY, row["likelihood"], at_least=True)
        for row in found["rows"]
        if row["keys"] != BY_CHANCE
    ]


if __name__ == "__main__":
    alone(run, render)
