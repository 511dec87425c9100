"""A place between a client and its server where one call can be kept waiting."""

import socket
from threading import Event, Lock


class Turnstile:
    """Count the calls that pass, and stop the one that is asked for until it is let go."""

    def __init__(self) -> None:
        self.passed = 0
        self.stopped = Event()
        self._let_go = Event()
        self._number = 0
        self._lock = Lock()

    def wrap(self, client: socket.socket) -> socket.socket:
        """Return a client's connection whose calls go through here: what ``tests.servers.proxies`` takes."""
        return _Turned(client, self)

    def stop(self, number: int) -> None:
        """Count anew, and stop at this call; at none, where it is 0."""
        with self._lock:
            self.passed, self._number = 0, number
            self.stopped.clear()
            self._let_go.clear()

    def let_go(self) -> None:
        self._let_go.set()

    def turn(self) -> None:
        with self._lock:
            self.passed += 1
            mine = self.passed == self._number
        if mine:
            self.stopped.set()
            self._let_go.wait(60)


class _Turned(socket.socket):
    """A connection that a turnstile has in its hand; a client sends a call, or a pipeline of them, in one piece."""

    def __init__(self, client: socket.socket, turnstile: Turnstile) -> None:
        super().__init__(client.family, client.type, client.proto, client.detach())
        self._turnstile = turnstile

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        data = super().recv(bufsize, flags)
        if data:
            self._turnstile.turn()
        return data
