"""Sessions in the database of an application that has an SQLAlchemy engine: PostgreSQL, MariaDB, MySQL or SQLite."""

from collections.abc import Callable
from itertools import count
from types import TracebackType
from typing import Annotated, Any, Self, TypeVar

try:
    from sqlalchemy import Connection, Engine
except ImportError as error:
    raise ImportError(
        "SQLAlchemyStorage needs the sqlalchemy extra: pip install 'cross-auth-sessions[sqlalchemy]'"
    ) from error

from pydantic import Field
from sqlalchemy.exc import SQLAlchemyError

from cross_auth._protocols import StorageError
from cross_auth._refusals import check, check_ttl
from cross_auth.storage import _sqlalchemy_engine
from cross_auth.storage._outage import outage
from cross_auth.storage._sqlalchemy_connections import Connections
from cross_auth.storage._sqlalchemy_table import EXPIRED_A_TIME, Statements, make_metadata

__all__ = ["SQLAlchemyStorage", "make_metadata"]

_T = TypeVar("_T")

_WANTED: dict[str, Any] = {
    "table": Annotated[str, Field(min_length=1, max_length=48)],
    "schema": Annotated[str, Field(min_length=1, max_length=63)] | None,
    "timeout": Annotated[float, Field(gt=0, le=86400)],
    "max_connections": Annotated[int, Field(ge=1)],
}
_WRITES_BETWEEN_EXPIRIES = 16
_TRIES = 8


class SQLAlchemyStorage:
    """Keep sessions in one table of a database that SQLAlchemy reaches.

    Takes a sync ``Engine`` on PostgreSQL, MariaDB, MySQL or a SQLite file, which stays the caller's:
    its pool and its time-outs hold, and ``close`` leaves it open.
    An engine with ``isolation_level="AUTOCOMMIT"`` is the fastest; any other is switched to that for each call.
    ``timeout`` is how many seconds an answer may take over psycopg, which has no such option,
    and for how long a call that was lost with its connection is made again.
    Raises ``TypeError`` for an async engine or something else, ``ValueError`` for another database
    or one in memory, and ``pydantic.ValidationError`` that names the parameter.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        table: str = "cross_auth_storage",
        schema: str | None = None,
        timeout: float = 5.0,
    ) -> None:
        check("SQLAlchemyStorage", _WANTED, table=table, schema=schema, timeout=timeout)
        _sqlalchemy_engine.check(engine)
        self._engine = engine
        self._owned = False
        self._metadata = make_metadata(table=table, schema=schema)
        self._statements = Statements(self._metadata, engine.dialect.name)
        self._connections = Connections(engine, timeout)
        self._writes = count()
        self._expired_until = 0

    @classmethod
    def from_url(
        cls,
        url: str,
        *,
        table: str = "cross_auth_storage",
        schema: str | None = None,
        timeout: float = 5.0,
        max_connections: int = 16,
    ) -> Self:
        """Return a storage on an engine of its own, over psycopg, PyMySQL or sqlite3.

        ``timeout`` is how many seconds a connection and an answer may take.
        Raises ``ValueError`` for a URL that is none; the message does not hold it.
        """
        check("SQLAlchemyStorage.from_url", _WANTED, timeout=timeout, max_connections=max_connections)
        engine = _sqlalchemy_engine.make(url, timeout, max_connections)
        storage = cls(engine, table=table, schema=schema, timeout=timeout)
        storage._owned = True
        return storage

    def create_table(self) -> None:
        """Create the table and its index where there are none; several processes may do so at the same time."""
        for tries_left in reversed(range(_TRIES)):
            try:
                with self._connections.lent() as connection:
                    self._metadata.create_all(connection)
                    for index in self._statements.table.indexes:  # one that a process left out when it was killed
                        index.create(connection, checkfirst=True)
                    return
            except SQLAlchemyError as error:
                failure = error
            if not tries_left or not getattr(failure, "statement", None):  # else another process may have been first
                break
        raise self._outage(failure)

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        check_ttl(ttl)
        if not next(self._writes) % _WRITES_BETWEEN_EXPIRIES:
            self._run(self._expire)
        row = {"wanted": key, "text": value, "ttl": ttl}
        self._run(lambda connection: connection.execute(self._statements.set, row), key, value)

    def get(self, key: str, /) -> str | None:
        return self._run(lambda connection: connection.scalar(self._statements.get, {"wanted": key}), key)

    def delete(self, key: str, /) -> None:
        self._run(lambda connection: connection.execute(self._statements.delete, {"wanted": key}), key)

    def pop(self, key: str, /) -> str | None:
        return self._run(lambda connection: self._take(connection, {"wanted": key}), key, once=True)

    def close(self) -> None:
        """Close the connections if ``from_url`` made the engine."""
        if self._owned:
            self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _take(self, connection: Connection, wanted: dict[str, str]) -> str | None:
        if connection.dialect.delete_returning:
            return connection.scalar(self._statements.pop, wanted)
        connection.rollback()
        connection.execution_options(isolation_level="READ COMMITTED")
        with connection.begin():
            value = connection.scalar(self._statements.lock, wanted)
            connection.execute(self._statements.delete, wanted)
        return value

    def _expire(self, connection: Connection) -> None:
        """Remove some expired rows, from where the last time ended: PostgreSQL keeps those before as dead ones."""
        expired = connection.execute(self._statements.expired, {"begin": self._expired_until}).all()
        self._expired_until = expired[-1].expires_at if len(expired) == EXPIRED_A_TIME else 0
        if expired:
            connection.execute(self._statements.expire, {"expired": [row.key for row in expired]})

    def _run(self, work: Callable[[Connection], _T], *asked: str, once: bool = False) -> _T:
        try:
            return self._connections.run(work, once=once)
        except SQLAlchemyError as error:
            failure = error
        raise self._outage(failure, *asked)

    def _outage(self, failure: SQLAlchemyError, *asked: str) -> StorageError:
        cause = getattr(failure, "orig", None) or failure  # the error around it shows the statement
        return outage(self._engine.dialect.name, cause, asked)
