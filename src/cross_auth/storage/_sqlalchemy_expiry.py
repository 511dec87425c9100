"""How expired rows are removed from a table, in each dialect."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Select,
    Table,
    bindparam,
    delete,
    func,
    literal_column,
    select,
    tuple_,
)

from cross_auth.storage._expiry import Expiry
from cross_auth.storage._sqlalchemy_connections import transaction
from cross_auth.storage._sqlalchemy_statements import now

# Takes from when on, how many at most, and whether for a purge; returns how many were found, and when the last expired.
Remove = Callable[[Connection, int, int, bool], tuple[int, int]]

WRITES_BETWEEN_EXPIRIES = 16
PURGED_A_TIME = 100  # some milliseconds of MariaDB


class Removal(Expiry):
    """Know of a table what its expiry does, and do it."""

    def __init__(self, table: Table, dialect: str) -> None:
        super().__init__(WRITES_BETWEEN_EXPIRIES)
        make = {"postgresql": _in_postgres, "sqlite": _in_sqlite}.get(dialect, _in_mysql)
        self.remove: Remove = make(table)


def _in_postgres(table: Table) -> Remove:
    """Do as ``PostgresStorage`` does, where it is said why."""
    place: ColumnElement[Any] = literal_column("ctid")
    stored = table.alias("stored")
    places = func.array(_expired(stored, place).with_for_update(skip_locked=True).scalar_subquery())
    has_expired = table.c.expires_at + 0 <= now()
    removed = delete(table).where(has_expired, place == func.any(places)).returning(table.c.expires_at).cte("removed")
    statement = select(func.count(), func.coalesce(func.max(removed.c.expires_at), 0)).select_from(removed)

    def remove(connection: Connection, begin: int, rows: int, for_purge: bool) -> tuple[int, int]:
        with transaction(connection):
            gone, last = connection.execute(statement, {"begin": begin, "rows": rows}).one()
        return gone, last

    return remove


def _in_sqlite(table: Table) -> Remove:
    stored = table.alias("stored")
    statement = delete(table).where(_key(table).in_(_expired(stored, *stored.primary_key)))

    def remove(connection: Connection, begin: int, rows: int, for_purge: bool) -> tuple[int, int]:
        return connection.execute(statement, {"begin": 0, "rows": rows}).rowcount, 0  # it keeps none as dead ones

    return remove


def _in_mysql(table: Table) -> Remove:
    """Find rows first: one statement cannot do both, or would lock what lies between them.

    With a write this is done without locks.
    To remove many, each row that nobody else has is locked, in a transaction that locks no gap.
    """
    expired = _expired(table, *table.primary_key, table.c.expires_at)
    locked = expired.with_for_update(skip_locked=True)
    has_expired = _key(table).in_(bindparam("expired", expanding=True)), table.c.expires_at <= now()
    # A hint needs the form that names the table twice; without it a small table is read, and locked, as a whole.
    twice = delete(table).prefix_with(".".join(f"`{name}`" for name in (table.schema, table.name) if name))
    statement = twice.with_hint("FORCE INDEX (PRIMARY)").where(*has_expired)

    def remove(connection: Connection, begin: int, rows: int, for_purge: bool) -> tuple[int, int]:
        with transaction(connection) if for_purge else nullcontext():
            found = connection.execute(locked if for_purge else expired, {"begin": begin, "rows": rows}).all()
            if found:
                keys = [row[:-1] if len(row) > 2 else row[0] for row in found]
                connection.execute(statement, {"expired": keys})
        return len(found), found[-1].expires_at if found else 0

    return remove


def _key(table: Table) -> Any:
    columns = list(table.primary_key)
    return tuple_(*columns) if len(columns) > 1 else columns[0]


def _expired(table: FromClause, *columns: Any) -> Select[Any]:
    """Return how expired rows are found, the oldest first."""
    begin = table.c.expires_at >= bindparam("begin", type_=BigInteger)
    rows = bindparam("rows", type_=Integer, literal_execute=True)  # a planner that sees it makes a better plan
    found = select(*columns).select_from(table).where(begin, table.c.expires_at <= now())
    return found.order_by(table.c.expires_at).limit(rows)
