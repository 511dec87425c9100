"""The calls of a storage, and how its tables are made, on any engine: also in a greenlet over asyncio."""

import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, Engine

from cross_auth._protocols import StorageError
from cross_auth._refusals import check_ttl
from cross_auth.storage._expiry import Purge
from cross_auth.storage._outage import outage
from cross_auth.storage._sqlalchemy_connections import Connections, transaction
from cross_auth.storage._sqlalchemy_expiry import PURGED_A_TIME, Removal
from cross_auth.storage._sqlalchemy_statements import IndexStatements, Statements
from cross_auth.storage._sqlalchemy_table import make_metadata

_T = TypeVar("_T")

_TRIES = 8


class Records:
    """Keep text in one table, and sets in another."""

    def __init__(
        self,
        engine: Engine,
        table: str,
        schema: str | None,
        timeout: float,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self.metadata = make_metadata(table=table, schema=schema)
        self.tables = tuple(self.metadata.tables.values())
        self._name = engine.dialect.name
        values, members = self.tables
        self.statements = Statements(values, self._name)
        self.index_statements = IndexStatements(members, self._name)
        self._removals = Removal(values, self._name), Removal(members, self._name)
        self.closed = False
        self._connections = Connections(engine, timeout, sleep)

    def create_table(self) -> None:
        """Create the tables and their indexes where there are none; several processes may do so at the same time."""
        for tries_left in reversed(range(_TRIES)):
            try:
                with self._connections.lent() as connection:
                    self.metadata.create_all(connection)
                    for table in self.tables:
                        for index in table.indexes:  # one that a process left out when it was killed
                            index.create(connection, checkfirst=True)
                    return
            except self._connections.failures as error:
                failure = error
            if not tries_left or not getattr(failure, "statement", None):  # else another process may have been first
                break
        raise self._outage(failure)

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        check_ttl(ttl)
        self._expire(self._removals[0])
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
        with transaction(connection):
            value = connection.scalar(self.statements.lock, wanted)
            connection.execute(self.statements.delete, wanted)
        return value

    def add(self, key: str, member: str, ttl: int, /) -> None:
        check_ttl(ttl, endless=False)
        self._expire(self._removals[1])
        row = {"wanted": key, "entry": member, "ttl": ttl}
        self._run(lambda connection: connection.execute(self.index_statements.add, row), key, member)

    def members(self, key: str, /) -> list[str]:
        statement = self.index_statements.members
        return self._run(lambda connection: list(connection.scalars(statement, {"wanted": key})), key)

    def discard(self, key: str, member: str, /) -> None:
        row = {"wanted": key, "entry": member}
        self._run(lambda connection: connection.execute(self.index_statements.discard, row), key, member)

    def purge(self, limit: int) -> Purge[Removal]:
        """Return the steps of a purge."""
        return Purge(self._removals, limit, PURGED_A_TIME)

    def remove(self, removal: Removal, begin: int, rows: int, for_purge: bool = True) -> int:
        """Remove expired rows, and return how many went."""
        found = self._run(lambda connection: removal.remove(connection, begin, rows, for_purge))
        return removal.note(rows, found)

    def _expire(self, removal: Removal) -> None:
        if rows := removal.due():
            self.remove(removal, removal.begin, rows, for_purge=False)

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
