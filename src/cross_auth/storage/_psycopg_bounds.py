"""What psycopg leaves to its callers: how long a server may take to answer, and whether it is still there."""

from inspect import signature
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

if "timeout" not in signature(psycopg.Connection.wait).parameters:
    raise ImportError(f"psycopg 3.3.6 or newer is needed, whose waiting can end, not {psycopg.__version__}")


def bound(connection: Any, seconds: float) -> None:
    """Make an answer that takes longer, until ``unbound``, a ``psycopg.OperationalError`` that closes the connection.

    libpq has no time-out for an answer, and the system of a frozen server still acknowledges packets.
    psycopg waits for every answer in ``Connection.wait``.
    """

    def wait(answer: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        try:
            return type(connection).wait(connection, answer, interval, seconds)
        except psycopg.OperationalError:
            if connection.pgconn.transaction_status == TransactionStatus.ACTIVE:  # the answer may still come
                connection.close()
            raise

    connection.wait = wait


def unbound(connection: Any) -> None:
    del connection.wait


def is_lost(connection: psycopg.Connection[Any]) -> bool:
    """Tell, without asking the server, whether it closed a connection that was idle."""
    try:
        connection.pgconn.consume_input()  # what a server says before it closes
        connection.pgconn.consume_input()  # that it closed
    except psycopg.OperationalError:
        connection.close()
    return connection.closed
