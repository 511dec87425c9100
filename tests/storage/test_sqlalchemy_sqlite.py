"""SQLAlchemyStorage on a SQLite that is older than ``RETURNING``, as some distributions have it."""

from cross_auth.storage.sqlalchemy import SQLAlchemyStorage
from tests.databases import make_on_sqlite
from tests.storage.test_contract import OnItsOwnClock
from tests.storages import SQLALCHEMY_SQLITE


class TestContractOnSQLAlchemySQLiteWithoutReturning(OnItsOwnClock):
    """A value is read and deleted in one transaction."""

    backend = SQLALCHEMY_SQLITE

    def make_storage(self) -> SQLAlchemyStorage:
        storage = make_on_sqlite()
        storage._engine.dialect.delete_returning = False
        return storage
