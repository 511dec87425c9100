"""Statements on connections of a pool, each committed, in time, and on a connection that is still there."""

from collections.abc import Sequence
from time import monotonic
from typing import Any

import psycopg
from psycopg.pq import ExecStatus
from psycopg.rows import tuple_row
from psycopg_pool import AsyncConnectionPool, ConnectionPool

from cross_auth.storage._postgres_pool import PoolOfProcess
from cross_auth.storage._psycopg_bounds import bounded, is_lost

Arguments = Sequence[object] | None
Row = tuple[Any, ...] | None


def execute(pool: PoolOfProcess[ConnectionPool[Any]], timeout: float, statement: bytes, arguments: Arguments) -> Row:
    """Return the first row of the last result if there is one, once what was done is committed."""
    lender = pool.get()
    if pool.owned and lender.closed:
        lender.open()
    deadline = monotonic() + timeout
    while True:
        connection = lender.getconn(deadline - monotonic())
        try:
            if not is_lost(connection):
                with bounded(connection, timeout):
                    return _execute(connection, statement, arguments)
        finally:
            lender.putconn(connection)


def _execute(connection: psycopg.Connection[Any], statement: bytes, arguments: Arguments) -> Row:
    cursor = psycopg.Cursor(connection, row_factory=tuple_row)
    try:
        cursor.execute(statement, arguments, prepare=None if arguments else False)
        if not arguments:  # and perhaps more than one statement
            cursor.set_result(-1)
        row = cursor.fetchone() if _has_rows(cursor) else None
        if not connection.autocommit:
            connection.commit()
    except psycopg.Error:
        if not (connection.autocommit or connection.closed):
            connection.rollback()
        raise
    return row


async def execute_async(
    pool: PoolOfProcess[AsyncConnectionPool[Any]], timeout: float, statement: bytes, arguments: Arguments
) -> Row:
    """Do the same on an async pool."""
    lender = pool.get()
    if pool.owned and lender.closed:
        await lender.open()
    deadline = monotonic() + timeout
    while True:
        connection = await lender.getconn(deadline - monotonic())
        try:
            if not is_lost(connection):
                with bounded(connection, timeout):
                    return await _execute_async(connection, statement, arguments)
        finally:
            await lender.putconn(connection)


async def _execute_async(connection: psycopg.AsyncConnection[Any], statement: bytes, arguments: Arguments) -> Row:
    cursor = psycopg.AsyncCursor(connection, row_factory=tuple_row)
    try:
        await cursor.execute(statement, arguments, prepare=None if arguments else False)
        if not arguments:  # and perhaps more than one statement
            await cursor.set_result(-1)
        row = await cursor.fetchone() if _has_rows(cursor) else None
        if not connection.autocommit:
            await connection.commit()
    except psycopg.Error:
        if not (connection.autocommit or connection.closed):
            await connection.rollback()
        raise
    return row


def _has_rows(cursor: psycopg.Cursor[Any] | psycopg.AsyncCursor[Any]) -> bool:
    return cursor.pgresult is not None and cursor.pgresult.status == ExecStatus.TUPLES_OK


def connect_once(pool: PoolOfProcess[ConnectionPool[Any]] | PoolOfProcess[AsyncConnectionPool[Any]]) -> None:
    """Connect without a pool of our own, which keeps to itself why it cannot."""
    lender = pool.get()
    if pool.owned and isinstance(lender.kwargs, dict):
        psycopg.connect(str(lender.conninfo), **lender.kwargs).close()
