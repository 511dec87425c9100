"""Connections of an engine for one call each: committed at once, bounded in time, replaced where they were lost."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from random import random
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

T = TypeVar("T")

_TRIES = 10
_UNDONE = {"40001", "40P01", 1213, 1020}  # SQLSTATEs of PostgreSQL, numbers of MariaDB: deadlock, or another came first
_READ_COMMITTED = ("SET TRANSACTION ISOLATION LEVEL READ COMMITTED", "START TRANSACTION")
_BEGIN = {
    "postgresql": ("BEGIN ISOLATION LEVEL READ COMMITTED",),
    "mysql": _READ_COMMITTED,
    "mariadb": _READ_COMMITTED,
    "sqlite": ("BEGIN IMMEDIATE",),  # another one would fail where it comes to write after somebody else
}


class Connections:
    """Run work on connections of an engine."""

    def __init__(self, engine: Engine, timeout: float, sleep: Callable[[float], object]) -> None:
        self._engine = engine
        self._timeout = timeout
        self._sleep = sleep
        self._bounded: Callable[[Any, float], AbstractContextManager[None]] = lambda driver, timeout: nullcontext()
        if engine.dialect.driver == "psycopg":
            from cross_auth.storage._psycopg_bounds import bounded

            self._bounded = bounded
        self.failures: tuple[type[Exception], ...] = (SQLAlchemyError, OSError, OverflowError, UnicodeError)
        if engine.dialect.driver == "asyncpg":
            from asyncpg import InterfaceError, PostgresError  # type: ignore[import-untyped]  # it ships no types

            self.failures += (InterfaceError, PostgresError)  # as raised where it connects

    def run(self, work: Callable[[Connection], T], *, once: bool = False) -> T:
        """Return what the work returns, and do it again where the database undid it or a connection was lost.

        Work that must be done ``once`` is done on a connection that has just answered,
        and not again where it is not known whether it was done.
        """
        deadline = monotonic() + self._timeout
        for tries in range(1, _TRIES + 1):
            begun = False
            try:
                with self.lent() as connection:
                    if once:
                        connection.execute(select(1))
                        begun = True
                    return work(connection)
            except DBAPIError as error:
                is_lost = error.connection_invalidated and not begun and monotonic() < deadline
                if tries == _TRIES or not (is_lost or _is_undone(error)):
                    raise
            if not is_lost:  # who came first may come first again
                self._sleep(random() * 0.001 * 2**tries)  # noqa: S311  no secret
        raise AssertionError("the last try returns or raises")

    @contextmanager
    def lent(self) -> Iterator[Connection]:
        """Lend a connection that commits each statement, and whose answers come in time."""
        with self._engine.connect() as connection:
            lent: Any = connection.connection
            if not self._engine.dialect.detect_autocommit_setting(lent.dbapi_connection):
                _commit_each_statement(connection)
            driver = lent.driver_connection
            with self._bounded(driver, self._timeout):
                try:
                    yield connection
                except SQLAlchemyError:
                    raise
                except BaseException:  # of a signal handler: an answer may be under way, and is not for the next one
                    connection.invalidate()
                    raise


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Make one transaction of several statements, on a connection that commits each, and leave its settings alone."""
    try:
        for statement in _BEGIN[connection.dialect.name]:
            connection.exec_driver_sql(statement)
        yield
        connection.exec_driver_sql("COMMIT")
    except SQLAlchemyError:
        if not connection.invalidated:
            _roll_back(connection)
        raise


def _roll_back(connection: Connection) -> None:
    try:
        connection.exec_driver_sql("ROLLBACK")
    except SQLAlchemyError:
        connection.invalidate()


def _commit_each_statement(connection: Connection) -> None:
    client = connection.dialect.loaded_dbapi
    try:
        connection.execution_options(isolation_level="AUTOCOMMIT")
    except client.Error as error:
        connection.execute(select(1))  # from a statement alone SQLAlchemy learns that connections are lost
        raise DBAPIError(None, None, error) from error


def _is_undone(error: DBAPIError) -> bool:
    code = getattr(error.orig, "sqlstate", None) or next(iter(error.orig.args if error.orig else ()), None)
    return code in _UNDONE
