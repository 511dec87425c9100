"""A Redis Cluster of three masters, and a Sentinel with a master and a replica, all private and on loopback."""

from functools import partial
from typing import Any

import redis
from redis.sentinel import Sentinel

from tests.servers.ports import free_port, wait_until
from tests.servers.redis_server import RedisServer

_SLOTS = 16_384


class RedisCluster:
    """Run three masters that share the slots."""

    def __init__(self) -> None:
        self.nodes = [self._node() for _ in range(3)]
        clients = [node.client() for node in self.nodes]
        for number, client in enumerate(clients):
            first, last = number * _SLOTS // 3, (number + 1) * _SLOTS // 3 - 1
            client.execute_command("CLUSTER ADDSLOTSRANGE", first, last)
            clients[0].execute_command("CLUSTER MEET", "127.0.0.1", self.nodes[number].port, self.buses[number])
        for client in clients:
            wait_until(partial(_is_whole, client))
            client.close()

    def _node(self) -> RedisServer:
        self.buses = [*getattr(self, "buses", []), free_port()]
        options = ["cluster-node-timeout 1000", "cluster-require-full-coverage no", f"cluster-port {self.buses[-1]}"]
        return RedisServer("cluster-enabled yes", *options)

    def client(self, **options: Any) -> "redis.RedisCluster":
        return redis.RedisCluster(host="127.0.0.1", port=self.nodes[0].port, **options)

    def owner_of(self, slot: int) -> RedisServer:
        """Return the node that serves a slot."""
        with self.client() as client:
            port = client.nodes_manager.get_node_from_slot(slot).port
        return next(node for node in self.nodes if node.port == port)

    def stop(self) -> None:
        for node in self.nodes:
            node.stop()


class RedisSentinel:
    """Run a master, a replica of it, and a Sentinel that promotes the replica when the master is gone."""

    def __init__(self) -> None:
        self.master = RedisServer()
        self.replica = RedisServer(f"replicaof 127.0.0.1 {self.master.port}")
        with self.replica.client() as client:
            wait_until(lambda: client.info("replication")["master_link_status"] == "up")
        watch = [
            f"sentinel monitor sessions 127.0.0.1 {self.master.port} 1",
            "sentinel down-after-milliseconds sessions 500",
        ]
        self.watcher = RedisServer(*watch, "sentinel failover-timeout sessions 2000", sentinel=True)
        with self.watcher.client() as client:
            wait_until(lambda: client.sentinel_slaves("sessions"))

    def client(self, **options: Any) -> Any:
        make: Any = Sentinel  # it is not typed
        sentinel = make([("127.0.0.1", self.watcher.port)], **options)
        return sentinel.master_for("sessions", **options)

    def stop(self) -> None:
        for server in (self.watcher, self.replica, self.master):
            server.stop()


def _is_whole(client: Any) -> bool:
    return client.cluster("info")["cluster_state"] == "ok" and len(client.cluster("nodes")) == 3
