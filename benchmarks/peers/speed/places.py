"""Where each side keeps its sessions: a database or a folder of its own, on the same server and the same disk."""

from pathlib import Path

from benchmarks.peers.speed.driving import Place
from benchmarks.servers import Servers

SERVERS = {"Redis": "redis", "PostgreSQL": "postgres"}  # as benchmarks.servers calls them


def places(store: str, count: int, folder: Path, servers: Servers) -> list[Place]:
    return [Place(store, _url(store, number, servers), folder / f"{store}-{number}") for number in range(count)]


def _url(store: str, number: int, servers: Servers) -> str:
    if store == "Redis":
        return f"redis://127.0.0.1:{servers.redis.port}/{number}"
    if store == "PostgreSQL":
        with servers.postgres.client() as client:
            client.execute(f"DROP DATABASE IF EXISTS side_{number}")
            client.execute(f"CREATE DATABASE side_{number}")
        return f"{servers.postgres.url.rpartition('/')[0]}/side_{number}"
    return ""
