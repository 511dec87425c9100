"""How much the session functions cost over the same work written by hand without a check.

Run ``python -m benchmarks.against_the_floor``; the shorter ``--quick`` is for a first look.
"""

import argparse
import json
import os
import platform
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import pydantic
import pydantic_core
import redis
import redis.utils

from benchmarks import floor
from benchmarks.rounds import Comparison, compare, nanoseconds
from cross_auth import create_session, delete_session, get_session
from cross_auth.storage.memory import MemoryStorage
from cross_auth.storage.redis import RedisStorage
from cross_auth.storage.sqlite import SQLiteStorage
from tests.servers.redis_server import RedisServer

BLOCK = 5e6  # nanoseconds that one side works before it is the other's turn; less than fills SQLite's log
BATCH = 64  # the library removes expired rows of SQLite at every sixty-fourth write

Fill = Callable[[int], list[str]]  # puts so many new sessions in a store and returns their ids
Operations = dict[str, Callable[..., object]]
OURS: Operations = {"create": create_session, "get": get_session, "delete": delete_session}
IN_MEMORY: Operations = {
    "create": floor.create_in_memory,
    "get": floor.get_from_memory,
    "delete": floor.delete_from_memory,
}
IN_SQLITE: Operations = {
    "create": floor.create_in_sqlite,
    "get": floor.get_from_sqlite,
    "delete": floor.delete_from_sqlite,
}

IN_REDIS: Operations = {
    "create": floor.create_in_redis,
    "get": floor.get_from_redis,
    "delete": floor.delete_from_redis,
}


def versions() -> dict[str, str]:
    return {
        "python": platform.python_version(),
        "pydantic": pydantic.VERSION,
        "pydantic_core": pydantic_core.__version__,
        "sqlite": sqlite3.sqlite_version,
        "redis-py": redis.__version__,
        "hiredis": str(redis.utils.HIREDIS_AVAILABLE),
        "platform": platform.platform(),
        "processors": str(os.cpu_count()),
    }


def in_memory(rounds: int) -> Iterator[tuple[str, Comparison]]:
    storage = MemoryStorage()
    entries: floor.Entries = {}

    def fill_ours(count: int) -> list[str]:
        return [create_session(user_id, storage)[0] for user_id in _user_ids(count)]

    def fill_theirs(count: int) -> list[str]:
        return [floor.create_in_memory(user_id, entries)[0] for user_id in _user_ids(count)]

    yield from _each_operation((storage, fill_ours), (entries, fill_theirs), IN_MEMORY, rounds)


def in_sqlite(folder: Path, synchronous: Literal["FULL", "NORMAL"], rounds: int) -> Iterator[tuple[str, Comparison]]:
    our_file, their_file = folder / f"library-{synchronous}.db", folder / f"floor-{synchronous}.db"
    SQLiteStorage(their_file).close()  # the same table and index
    with (
        SQLiteStorage(our_file, synchronous=synchronous) as storage,
        _connected(their_file, synchronous) as connection,
        _connected(our_file, "NORMAL") as our_filler,
        _connected(their_file, "NORMAL") as their_filler,
    ):
        ours, theirs = (storage, partial(_fill, our_filler)), (connection, partial(_fill, their_filler))
        yield from _each_operation(ours, theirs, IN_SQLITE, rounds)


def in_redis(url: str, rounds: int) -> Iterator[tuple[str, Comparison]]:
    with RedisStorage.from_url(url) as storage, redis.Redis.from_url(url) as client:

        def fill(count: int) -> list[str]:
            client.flushdb()
            return [create_session(user_id, storage)[0] for user_id in _user_ids(count)]

        yield from _each_operation((storage, fill), (client, fill), IN_REDIS, rounds)


@contextmanager
def _connected(file: Path, synchronous: str) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA synchronous={synchronous}")
        connection.execute(f"PRAGMA fullfsync={synchronous == 'FULL'}")  # as the library does: macOS alone heeds it
        yield connection


def _fill(connection: sqlite3.Connection, count: int) -> list[str]:
    connection.execute("BEGIN")
    ids = [floor.create_in_sqlite(user_id, connection)[0] for user_id in _user_ids(count)]
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(RESTART)")  # both sides start with an empty log
    return ids


def _user_ids(count: int) -> list[str]:
    return [f"user-{number}" for number in range(count)]


def _each_operation(
    ours: tuple[object, Fill], theirs: tuple[object, Fill], floors: Operations, rounds: int
) -> Iterator[tuple[str, Comparison]]:
    for name, operation in OURS.items():
        library, by_hand = _side(name, operation, *ours), _side(name, floors[name], *theirs)
        library(10 * BATCH)
        operations = max(2 * BATCH, int(BLOCK / by_hand(10 * BATCH))) // BATCH * BATCH
        yield name, compare(library, by_hand, rounds, operations)


def _side(name: str, operation: Callable[..., object], store: object, fill: Fill) -> Callable[[int], float]:
    def work(count: int) -> float:
        ids = fill(count)
        return nanoseconds(operation, _user_ids(count) if name == "create" else ids, store)

    return work


def measure(folder: Path, rounds: int) -> Iterator[tuple[str, str, Comparison]]:
    yield from (("memory", *found) for found in in_memory(rounds))
    yield from (("SQLite NORMAL", *found) for found in in_sqlite(folder, "NORMAL", rounds))
    yield from (("SQLite FULL", *found) for found in in_sqlite(folder, "FULL", rounds))
    server = RedisServer("appendonly no")  # the disk would hide what is to be seen
    try:
        yield from (("Redis TCP", *found) for found in in_redis(server.url, rounds))
        yield from (("Redis socket", *found) for found in in_redis(f"unix://{server.socket}", rounds))
    finally:
        server.stop()


HEAD = (
    f"{'storage':<14}{'operation':<10}{'library µs':>12}{'floor µs':>11}"
    f"{'ratio':>8} {'quartiles':<14}{'over µs':>8}  quartiles"
)


def line(storage: str, operation: str, found: Comparison) -> str:
    ratio, over = found.ratio, found.over
    return (
        f"{storage:<14}{operation:<10}{found.library.median / 1e3:>12.2f}{found.floor.median / 1e3:>11.2f}"
        f"{ratio.median:>8.3f} {f'{ratio.low:.3f}-{ratio.high:.3f}':<14}"
        f"{over.median / 1e3:>8.2f}  {over.low / 1e3:.2f} to {over.high / 1e3:.2f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", nargs="?", default="/var/tmp", help="where the SQLite files go, on a real disk")
    parser.add_argument("--quick", action="store_true", help="do 15 rounds, not 61")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there, too")
    arguments = parser.parse_args()
    rounds = 15 if arguments.quick else 61
    print(*(f"{name} {version}" for name, version in versions().items()), f"{rounds} rounds", sep=", ")
    print(HEAD)
    results = []
    with TemporaryDirectory(dir=arguments.folder, prefix="cross-auth-") as folder:
        for storage, operation, found in measure(Path(folder), rounds):
            print(line(storage, operation, found), flush=True)
            results.append({"storage": storage, "operation": operation, **asdict(found)})
    if arguments.json:
        text = json.dumps({"versions": versions(), "rounds": rounds, "results": results}, indent=2)
        arguments.json.write_text(f"{text}\n")


if __name__ == "__main__":
    main()
