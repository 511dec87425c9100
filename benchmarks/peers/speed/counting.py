"""How often a side calls its server for one operation, as the server sees it."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from benchmarks.peers.speed.driving import Driven
from benchmarks.servers import Servers
from tests.servers.ports import wait_until
from tests.servers.postgres_server import PostgresServer
from tests.servers.redis_server import RedisServer

Counter = Callable[[], int]
Calls = dict[str, int]
TRIES = 3  # of which the least counts: now and then a write also removes what has expired
_STATEMENT = re.compile(r"LOG:  (?:statement|execute [^:]+):")


def counting(store: str, servers: Servers) -> AbstractContextManager[Counter | None]:
    if store == "Redis":
        return _reads_of_redis(servers.redis)
    return _statements_of_postgres(servers.postgres) if store == "PostgreSQL" else nullcontext()


def calls(worker: Driven, counter: Counter) -> Calls:
    """Return the calls for each operation on one session."""
    tries = [_calls(worker, counter) for _ in range(TRIES)]
    return {name: min(each[name] for each in tries) for name in tries[0]}


def _calls(worker: Driven, counter: Counter) -> Calls:
    found = {}
    for name, *numbers in (("create", 1), ("get", 1), ("delete",)):
        before = counter()
        worker.tell(name, *numbers)
        found[name] = counter() - before
    return found


@contextmanager
def _reads_of_redis(server: RedisServer) -> Iterator[Counter]:
    """Count what the server reads from its clients: a client sends a call, or a pipeline of them, in one piece."""
    with server.client() as client:
        asked = 0

        def counter() -> int:
            nonlocal asked
            asked += 1  # this very question is one of the reads
            return int(client.info("stats")["total_reads_processed"]) - asked

        yield counter


@contextmanager
def _statements_of_postgres(server: PostgresServer) -> Iterator[Counter]:
    """Count the statements that the server logs, BEGIN and COMMIT among them: each is sent, and answered, alone."""

    def counter() -> int:
        return len(_STATEMENT.findall(server.log.read_text(errors="replace")))

    with server.client() as client:
        client.execute("ALTER SYSTEM SET log_statement = 'all'")
        client.execute("SELECT pg_reload_conf()")
        wait_until(lambda: client.execute("SHOW log_statement").fetchone() == ("all",))
        yield counter
        client.execute("ALTER SYSTEM RESET log_statement")
        client.execute("SELECT pg_reload_conf()")
