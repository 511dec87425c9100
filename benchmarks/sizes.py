"""How many bytes a session takes in each storage, and on the way to Redis and back.

Run ``python -m benchmarks.sizes``; the shorter ``--quick`` is for a first look.
"""

from collections.abc import Iterator
from typing import Any

from benchmarks.alone import alone
from benchmarks.bench import Bench
from benchmarks.servers import missing
from benchmarks.sizes_of_memory import in_memory
from benchmarks.sizes_of_servers import in_mariadb, in_postgres, in_redis, in_sqlite, on_the_wire
from benchmarks.table import table
from benchmarks.written import PLAIN, Shape

METADATA = {"browser": "Firefox on Windows", "ip": "203.0.113.195"}
ALONE = Shape("record alone", of_one_user=0)
IDLE = Shape("with an idle limit", idle_timeout=1800)
SHAPES = (
    ALONE,
    PLAIN,
    Shape("one of ten of a user", of_one_user=10),
    IDLE,
    Shape("with metadata", METADATA),
    Shape("with limit and metadata", METADATA, idle_timeout=1800),
)
MEASURES = {
    "memory": ("", in_memory),
    "SQLite": ("", in_sqlite),
    "Redis": ("redis", in_redis),
    "PostgreSQL": ("postgres", in_postgres),
    "MariaDB": ("mariadb", in_mariadb),
}
SESSIONS = {"a million": 10**6, "100 million": 10**8, "a thousand million": 10**9}
NODE = 12 * 10**9  # bytes of keys that one Redis node is given


def run(bench: Bench) -> Any:
    count = bench.rounds(50_000, 1_000)
    rows: list[dict[str, Any]] = []
    skipped: dict[str, str] = {}
    for storage, (server, measure) in MEASURES.items():
        reason = missing(server)
        if reason:
            skipped[storage] = reason
        elif bench.only.lower() in storage.lower():
            found = [measure(bench, shape, count) for shape in SHAPES]
            for how in found[0]:
                sizes = {shape.name: each[how] for shape, each in zip(SHAPES, found, strict=True)}
                rows.append({"storage": storage, "measured": how, "bytes": sizes})
                print(line(rows[-1]), flush=True)
    wire = on_the_wire(bench, SHAPES[-1]) if any(row["storage"] == "Redis" for row in rows) else {}
    return {"count": count, "rows": rows, "wire": wire, "skipped": skipped}


def line(row: Any) -> str:
    sizes = ", ".join(f"{shape} {size:.0f}" for shape, size in row["bytes"].items())
    return f"{row['storage']:<12}{row['measured']:<24}{sizes}"


def render(found: Any) -> str:
    names = _names(found)
    rows = [
        [f"{row['storage']}, {row['measured']}", *(f"{row['bytes'][name]:,.0f}" for name in names)]
        for row in found["rows"]
    ]
    return f"""## The size of a session

Bytes a session, from {found["count"]:,} sessions in the order that log-ins come in, which for the keys is none.
But for the first column each has an entry in the index, and but for the third a user of its own; \
the metadata are a browser and an address.

{table(["storage, measured by", *names], rows)}

{chr(10).join(_sizing(found))}"""


def _names(found: Any) -> list[str]:
    return list(found["rows"][0]["bytes"]) if found["rows"] else []


def _sizing(found: Any) -> Iterator[str]:
    """Yield what that makes for many sessions, and what goes over the network."""
    shape = _names(found)[-1]
    sizes = {f"{row['storage']}, {row['measured']}": row["bytes"][shape] for row in found["rows"]}
    head = [f"gigabytes of sessions {shape}", *SESSIONS]
    rows = [[name, *(_gigabytes(size * count) for count in SESSIONS.values())] for name, size in sizes.items()]
    in_redis = [row["bytes"][shape] for row in found["rows"] if row["measured"] == "used_memory"]
    nodes = [[str(-int(-size * count // NODE)) for count in SESSIONS.values()] for size in in_redis]
    rows += [[f"Redis, primaries with {NODE // 10**9} GB of keys each", *each] for each in nodes]
    yield table(head, rows)
    yield ""
    for call, wire in found["wire"].items():
        sent, received = f"{wire['sent']:.0f}", f"{wire['received']:.0f}"
        yield f"* `{call}` of the last kind sends {sent} bytes to Redis and gets {received} back."
    yield "* Copies for replicas and for the disk, connections and room for growth come on top."
    yield ""


def _gigabytes(size: float) -> str:
    return f"{size / 10**9:,.{1 if size < 10**11 else 0}f}"


if __name__ == "__main__":
    alone(run, render)
