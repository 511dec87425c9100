"""How much longer a get in memory takes when sixteen threads read, beside a read of a bare dictionary."""

from contextlib import nullcontext
from dataclasses import asdict
from typing import Any

from benchmarks.local_pairs import in_memory
from benchmarks.rounds import in_turns, quartiles
from benchmarks.sides import Side
from benchmarks.together import nanoseconds

SESSIONS = 1000
MANY = 16
BARE = 4  # reads of the dictionary for one of the library, which takes longer


def measure(rounds: int, reads: int) -> dict[str, Any]:
    """Return how many times as long many threads take as one, and the one loss as a multiple of the other.

    In a round each session is read so often: with 160 reads the library has some 0.4 s to do.
    """
    with in_memory() as pair:
        ids = pair.library.fill(SESSIONS)
        entries = dict.fromkeys(ids, "value")
        bare = Side({"get": _read}, lambda: nullcontext(entries), lambda rows, members: None)
        sides = [(pair.library, ids * reads), (bare, ids * reads * BARE)]
        turns = [
            lambda side=side, given=given, threads=threads: nanoseconds(side, "get", given, threads)
            for side, given in sides
            for threads in (1, MANY)
        ]
        one, many, bare_one, bare_many = in_turns(turns, rounds)
    losses = [b / a for a, b in zip(one, many, strict=True)]
    bare_losses = [b / a for a, b in zip(bare_one, bare_many, strict=True)]
    return {
        "library": asdict(quartiles(losses)),
        "bare": asdict(quartiles(bare_losses)),
        "beside": asdict(quartiles([a / b for a, b in zip(losses, bare_losses, strict=True)])),
    }


def _read(session_id: str, entries: dict[str, str]) -> str | None:
    return entries.get(session_id)
