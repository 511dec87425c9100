"""What psycopg leaves to its callers: how long a server may take to answer, and whether it is still there."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from inspect import iscoroutinefunction, signature
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

if "timeout" not in signature(psycopg.Connection.wait).parameters:
    raise ImportError(f"psycopg 3.3.6 or newer is needed, whose waiting can end, not {psycopg.__version__}")


@contextmanager
def bounded(connection: Any, seconds: float) -> Iterator[None]:
    """Make an answer that takes longer a ``psycopg.OperationalError`` that closes the connection.

    libpq has no time-out for an answer, and the system of a frozen server still acknowledges packets.
    psycopg waits for every answer in ``Connection.wait``.
    """
    patience = min(seconds, 1) / 2  # to let the server know, which may be waiting for a lock

    def wait(answer: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        try:
            return type(connection).wait(connection, answer, interval, seconds)
        except psycopg.OperationalError:
            if connection.pgconn.transaction_status == TransactionStatus.ACTIVE:
                with suppress(psycopg.Error):
                    connection.cancel_safe(timeout=patience)
                connection.pgconn.finish()  # the answer may still come
            raise

    async def wait_async(answer: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        try:
            return await type(connection).wait(connection, answer, interval, seconds)
        except psycopg.OperationalError:
            if connection.pgconn.transaction_status == TransactionStatus.ACTIVE:
                with suppress(psycopg.Error):
                    await connection.cancel_safe(timeout=patience)
                connection.pgconn.finish()
            raise

    connection.wait = wait_async if iscoroutinefunction(type(connection).wait) else wait
    try:
        yield
    finally:
        del connection.wait


def is_lost(connection: Any) -> bool:
    """Tell, without asking the server, whether it closed a connection that was idle."""
    try:
        connection.pgconn.consume_input()  # what a server says before it closes
        connection.pgconn.consume_input()  # that it closed
    except psycopg.OperationalError:
        return True
    return False
