"""Private servers that a benchmark starts when it first needs one."""

from contextlib import ExitStack
from functools import cached_property
from subprocess import Popen
from typing import TypeVar

from tests.servers import mariadb_server, postgres_server, redis_server
from tests.servers.mariadb_server import MariaDBServer
from tests.servers.postgres_server import PostgresServer
from tests.servers.redis_cluster import RedisCluster
from tests.servers.redis_server import RedisServer

Server = TypeVar("Server", MariaDBServer, PostgresServer, RedisCluster, RedisServer)

SETTINGS = (
    "Servers are private, on this machine: Redis, and a Redis Cluster of three masters, with appendonly no;"
    " PostgreSQL with fsync=off, synchronous_commit=on; MariaDB with innodb_flush_log_at_trx_commit=1;"
    " both with 128 MB of buffers."
)
# What MariaDB and PostgreSQL have when nobody sets it; the tests' servers have 16 MB.
MARIADB_OPTIONS = ("--innodb-buffer-pool-size=128M", "--innodb-log-file-size=96M")
POSTGRES_LINES = ("shared_buffers = 128MB",)


class Servers:
    """Start each server once, and stop all of them in the end."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    @cached_property
    def redis(self) -> RedisServer:
        return self._stopped(RedisServer("appendonly no"))  # the disk would hide what is to be seen

    @cached_property
    def redis_cluster(self) -> RedisCluster:
        cluster = self._stopped(RedisCluster())
        for node in cluster.nodes:
            with node.client() as client:
                client.config_set("appendonly", "no")
        return cluster

    @cached_property
    def postgres(self) -> PostgresServer:
        return self._stopped(PostgresServer(*POSTGRES_LINES))

    @cached_property
    def mariadb(self) -> MariaDBServer:
        return self._stopped(MariaDBServer(*MARIADB_OPTIONS))

    def pid(self, server: str) -> int:
        """Return the process of a server, which may have others below it."""
        process: Popen[bytes] = getattr(self, server).process
        return process.pid

    def _stopped(self, server: Server) -> Server:
        self._stack.callback(server.stop)
        return server


def missing(server: str) -> str:
    """Say why a server cannot be had, or nothing where it can or none is needed."""
    checks = {"redis": redis_server.missing, "postgres": postgres_server.missing, "mariadb": mariadb_server.missing}
    return checks[server]() if server else ""
