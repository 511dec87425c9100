"""What a session costs here and with other libraries, on the same stores.

Run ``make peers`` once, then ``python -m benchmarks.peers_speed``; the shorter ``--quick`` is for a first look.
"""

from typing import Any

from benchmarks.alone import alone
from benchmarks.bench import Bench
from benchmarks.peers.speed.entrants import STORES
from benchmarks.peers.speed.measuring import measure
from benchmarks.peers.speed.page import line, plots, render
from benchmarks.peers.speed.places import SERVERS
from benchmarks.peers.speed.targets import targets
from benchmarks.servers import missing

__all__ = ["plots", "render", "run", "targets"]


def run(bench: Bench) -> dict[str, Any]:
    """Measure every store that has the wanted text in its name; what cannot be measured says why."""
    rounds, sessions = bench.rounds(15, 2), bench.rounds(100, 10)
    stores: dict[str, Any] = {}
    for store in (each for each in STORES if bench.only.lower() in each.lower()):
        reason = missing(SERVERS.get(store, ""))
        sides = [] if reason else measure(store, bench, rounds, sessions)
        stores[store] = {"reason": reason, "sides": sides}
        print(f"{store}{f': {reason}' if reason else ''}", *(line(side) for side in sides), sep="\n", flush=True)
    return {"rounds": rounds, "sessions": sessions, "stores": stores}


if __name__ == "__main__":
    alone(run, render)
