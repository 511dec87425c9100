"""A thousand clients of the showcase on Redis, each of which checks that every answer is its own.

Run ``python -m benchmarks.load``; the shorter ``--quick`` is for a first look.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from benchmarks.alone import alone
from benchmarks.bench import Bench, Target
from benchmarks.load_serving import ROOT, serving
from benchmarks.plot import Point, lines
from benchmarks.servers import missing
from benchmarks.table import digits, table

CLIENTS, QUICK_CLIENTS, WORKERS = 1000, 200, 2
# Where all clients ask at once, some wait for longer than a storage does.
OPTIONS = "socket_timeout=30&socket_connect_timeout=30"
COLUMNS = ("p50", "p90", "p99", "p99.9", "max")
ONE_IN = {"p50": 2, "p90": 10, "p99": 100, "p99.9": 1000}
BUSY = 0.9  # of a processor


def run(bench: Bench) -> Any:
    reason = missing("redis")
    if reason:
        return {"skipped": reason}
    clients, seconds = bench.rounds(CLIENTS, QUICK_CLIENTS), bench.rounds(60, 2)
    storage = f"{bench.servers.redis.url}?{OPTIONS}"
    with serving(storage, WORKERS) as port:
        command = [sys.executable, "-m", "benchmarks.load_client", str(port)]
        options = ["--clients", str(clients), "--workers", str(WORKERS), "--seconds", str(seconds)]
        done = subprocess.run(
            [*command, *options], cwd=ROOT, stdout=subprocess.PIPE, timeout=60 + 10 * seconds, check=True
        )
    legs = json.loads(done.stdout)
    for leg in legs:
        print(line(leg), flush=True)
    cores = len(os.sched_getaffinity(0))
    return {"clients": clients, "workers": WORKERS, "seconds": seconds, "processors": cores, "legs": legs}


def line(leg: Any) -> str:
    times = ", ".join(f"{kind} p50 {leg[kind]['p50']:.0f} p99 {leg[kind]['p99']:.0f} ms" for kind in _kinds(leg))
    faults = f"{sum(leg['errors'].values())} errors, {sum(leg['wrong'].values())} wrong answers"
    return f"{leg['name']:<16}{leg['per_second']:>7.0f} requests/s  {times}  {faults}"


def _kinds(leg: Any) -> list[str]:
    return [kind for kind in ("reads", "writes") if leg[kind]["count"]]


def render(found: Any) -> str:
    if "skipped" in found:
        return f"## Under load\n\nNot measured: {found['skipped']}.\n"
    head = ["", "requests", "a second", *(f"{name} ms" for name in COLUMNS)]
    rows = [
        [
            f"{leg['name']}, {kind}",
            f"{leg[kind]['count']:,}",
            digits(leg[kind]["count"] / leg["seconds"]),
            *(digits(leg[kind][name]) for name in COLUMNS),
        ]
        for leg in found["legs"]
        for kind in _kinds(leg)
    ]
    return f"""## Under load

{found["clients"]:,} clients log in to the [showcase](../../examples/showcase.py) on Redis, \
served by uvicorn with {found["workers"]} workers, and stay for {found["seconds"]} seconds.
Each has a connection of its own to each worker, and two share a user; \
besides pages, they unlock, log out, log in again and sign each other out.
At first all log in at once; then each sends one request after the other; and then with pauses, such that half come.
So that none is refused while all come at once, the URL of the storage ends in `?{OPTIONS}`.

{table(head, rows)}

{chr(10).join(f"* {each}" for each in remarks(found))}
"""


def remarks(found: Any) -> Iterator[str]:
    for what, told in (("wrong", "wrong answers"), ("errors", "errors")):
        counts = [(text, count) for leg in found["legs"] for text, count in leg[what].items()]
        texts = "; ".join(f"{text} ({count} times)" for text, count in counts[:20])
        yield f"{sum(count for _, count in counts)} {told}{f': {texts}' if texts else ''}."
    tried = sum(leg["kinds"].get("ended id", {"count": 0})["count"] for leg in found["legs"])
    yield f"{tried:,} times an id that had ended was tried, over both workers in turn; each must lead to the log-in."
    for leg in found["legs"]:
        yield f"{leg['name'].capitalize()}: {_bound(leg, found['processors'])}"


def _bound(leg: Any, processors: int) -> str:
    """Say what of the machine was used, and whether the figures are the client's rather than the site's."""
    client = leg["processors"]["client"]
    workers = [f"{used:.2f}" for name, used in leg["processors"].items() if name != "client"]
    text = f"the client used {client:.2f} of a processor, the workers {' and '.join(workers)}, of {processors}"
    if client > BUSY:
        return f"{text}. The client was the bottleneck: the times are its own."
    if sum(leg["processors"].values()) > BUSY * processors:
        return f"{text}. The machine was used up, by the clients in part: on machines of their own more is served."
    return f"{text}. Its timers were {digits(leg['lateness']['p99'])} ms late in the 99th percentile."


def plots(found: Any) -> dict[str, str]:
    drawn = {
        f"{leg['name']}, {kind}": [Point(one_in, leg[kind][name]) for name, one_in in ONE_IN.items()]
        for leg in found.get("legs", [])
        for kind in _kinds(leg)
    }
    units = "one request in so many took longer", "milliseconds"
    return {"load.svg": lines("How long requests took under load", *units, drawn, logarithmic=True)} if drawn else {}


def targets(found: Any) -> list[Target]:
    """Return that no answer was wrong and none failed."""
    legs = found.get("legs", [])
    return [
        Target(f"{told} of {found['clients']:,} clients under load", 0, sum(sum(leg[what].values()) for leg in legs))
        for what, told in (("wrong", "wrong answers"), ("errors", "errors"))
        if legs
    ]


if __name__ == "__main__":
    alone(run, render)
