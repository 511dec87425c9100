"""Sessions in the database of an application that has an SQLAlchemy engine: PostgreSQL, MariaDB, MySQL or SQLite."""

from types import TracebackType
from typing import Self

try:
    from sqlalchemy import Engine, create_engine

    from cross_auth.storage._sqlalchemy_async import AsyncSQLAlchemyStorage  # needs greenlet, which the extra brings
except ImportError as error:
    raise ImportError(
        "SQLAlchemyStorage needs the sqlalchemy extra: pip install 'cross-auth-sessions[sqlalchemy]'"
    ) from error

from cross_auth._refusals import check
from cross_auth.storage._sqlalchemy_engine import DRIVERS, WANTED, at_fork, check_database, make
from cross_auth.storage._sqlalchemy_records import Records
from cross_auth.storage._sqlalchemy_table import make_metadata

__all__ = ["AsyncSQLAlchemyStorage", "SQLAlchemyStorage", "make_metadata"]


class SQLAlchemyStorage:
    """Keep sessions in two tables of a database that SQLAlchemy reaches.

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
        check("SQLAlchemyStorage", WANTED, table=table, schema=schema, timeout=timeout)
        if not isinstance(engine, Engine):
            raise TypeError(f"SQLAlchemyStorage needs an Engine of SQLAlchemy, not {type(engine).__name__}")
        if engine.dialect.is_async:
            raise TypeError(f"SQLAlchemyStorage needs an engine with a sync driver, not {engine.dialect.driver}")
        check_database(engine)
        at_fork(engine)
        self._engine = engine
        self._owned = False
        self._records = Records(engine, table, schema, timeout)

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
        """Return a storage on an engine of its own, whose every wait has an end.

        Over psycopg, PyMySQL or sqlite3; ``timeout`` is how many seconds a connection and an answer may take.
        Raises ``ValueError`` for a URL that is none; the message does not hold it.
        """
        check("SQLAlchemyStorage.from_url", WANTED, url=url, timeout=timeout, max_connections=max_connections)
        storage = cls(
            make(create_engine, DRIVERS, url, timeout, max_connections), table=table, schema=schema, timeout=timeout
        )
        storage._owned = True
        return storage

    def create_table(self) -> None:
        """Create the tables and their indexes where there are none; several processes may do so at the same time."""
        self._records.create_table()

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        self._records.set(key, value, ttl)

    def get(self, key: str, /) -> str | None:
        return self._records.get(key)

    def delete(self, key: str, /) -> None:
        self._records.delete(key)

    def pop(self, key: str, /) -> str | None:
        return self._records.pop(key)

    def add(self, key: str, member: str, ttl: int, /) -> None:
        self._records.add(key, member, ttl)

    def members(self, key: str, /) -> list[str]:
        return self._records.members(key)

    def discard(self, key: str, member: str, /) -> None:
        self._records.discard(key, member)

    def purge(self, limit: int = 1000) -> int:
        """Remove up to ``limit`` expired rows of both tables, and return how many went.

        Fewer than ``limit``, which is 1 to 100 000, means that no more had expired.
        Writes remove what has expired, too: a table needs this after a burst, or where it is hardly written any more.
        The rows go in steps of 100, each committed, beside those who write and others who purge.
        The tables keep their size, whose free room the database uses again.
        """
        check("SQLAlchemyStorage.purge", WANTED, limit=limit)
        purge = self._records.purge(limit)
        for removal, begin, rows in purge:
            purge.gone += self._records.remove(removal, begin, rows)
        return purge.gone

    def close(self) -> None:
        """Close the connections if ``from_url`` made the engine."""
        if self._owned:
            self._records.closed = True
            self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
