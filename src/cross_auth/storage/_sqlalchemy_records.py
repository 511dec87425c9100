"""The four calls of a storage, and how its table is made, on any engine: also in a greenlet over asyncio."""

from collections.abc import Callable
from itertools import count
from typing import TypeVar

from sqlalchemy import Connection, Engine

from cross_auth._protocols import StorageError
from cross_auth._refusals import check_ttl
from cross_auth.storage._outage import outage
from cross_auth.storage._sqlalchemy_connections import Connections
from cross_auth.storage._sqlalchemy_table import EXPIRED_A_TIME, Statements, make_metadata

_T = TypeVar("_T")

WRITES_BETWEEN_EXPIRIES = 16
_TRIES = 8


class Records:
    """Keep text in one table."""

    def __init__(self, engine: Engine, table: str, schema: str | None, timeout: float) -> None:
        self.metadata = make_metadata(table=table, schema=schema)
        self.statements = Statements(self.metadata, engine.dialect.name)
        self._name = engine.dialect.name
        self.closed = False
        self._connections = Connections(engine, timeout)
        self._writes = count()
        self._expired_until = 0

    def create_table(self) -> None:
        """Create the table and its index where there are none; several processes may do so at the same time."""
        for tries_left in reversed(range(_TRIES)):
            try:
                with self._connections.lent() as connection:
                    self.metadata.create_all(connection)
                    for index in self.statements.table.indexes:  # one that a process left out when it was killed
                        index.create(connection, checkfirst=True)
                    return
            except self._connections.failures as error:
                failure = error
            if not tries_left or not getattr(failure, "statement", None):  # else another process may have been first
                break
        raise self._outage(failure)

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        check_ttl(ttl)
        if not next(self._writes) % WRITES_BETWEEN_EXPIRIES:
            self._run(self._expire)
        row = {"wanted": key, "text": value, "ttl": ttl}
        self._run(lambda connection: connection.execute(self.statements.set, row), key, value)

    def get(self, key: str, /) -> str | None:
        return self._run(lambda connection: connection.scalar(self.statements.get, {"wanted": key}), key)

    def delete(self, key: str, /) -> None:
        self._run(lambda connection: connection.execute(self.statements.delete, {"wanted": key}), key)

    def pop(self, key: str, /) -> str | None:
        return self._run(lambda connection: self._take(connection, {"wanted": key}), key, once=True)

    def _take(self, connection: Connection, wanted: dict[str, str]) -> str | None:
        if connection.dialect.delete_returning:
            return connection.scalar(self.statements.pop, wanted)
        connection.rollback()
        connection.execution_options(isolation_level="READ COMMITTED")
        with connection.begin():
            value = connection.scalar(self.statements.lock, wanted)
            connection.execute(self.statements.delete, wanted)
        return value

    def _expire(self, connection: Connection) -> None:
        """Remove some expired rows, from where the last time ended: PostgreSQL keeps those before as dead ones."""
        expired = connection.execute(self.statements.expired, {"begin": self._expired_until}).all()
        self._expired_until = expired[-1].expires_at if len(expired) == EXPIRED_A_TIME else 0
        if expired:
            connection.execute(self.statements.expire, {"expired": [row.key for row in expired]})

    def _run(self, work: Callable[[Connection], _T], *asked: str, once: bool = False) -> _T:
        if self.closed:
            raise StorageError(f"{self._name}: the storage is closed")
        try:
            return self._connections.run(work, once=once)
        except self._connections.failures as error:
            failure = error
        raise self._outage(failure, *asked)

    def _outage(self, failure: Exception, *asked: str) -> StorageError:
        cause = getattr(failure, "orig", None) or failure  # the error around it shows the statement
        return outage(self._name, cause, asked)
