"""The tables of a storage in SQLAlchemy's words: one of values, and one of the members of sets."""

from typing import Any

from sqlalchemy import BigInteger, Column, Index, MetaData, Table, Text, TypeDecorator
from sqlalchemy.dialects import mysql
from sqlalchemy.engine import Dialect


class _KeyInBytes(TypeDecorator[str]):
    """Text that MySQL keeps as bytes.

    Its collations fold letters, or ignore spaces at the end;
    a connection in another character set turns what it does not know into question marks.
    """

    impl: Any = mysql.VARBINARY
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else value.encode()

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else value.decode()


class _ValueInBytes(_KeyInBytes):
    impl = mysql.MEDIUMBLOB
    cache_ok = True


_KEY = Text().with_variant(Text(collation="C"), "postgresql").with_variant(_KeyInBytes(128), "mysql", "mariadb")
_VALUE = Text().with_variant(_ValueInBytes(), "mysql", "mariadb")


def make_metadata(*, table: str = "cross_auth_storage", schema: str | None = None) -> MetaData:
    """Describe the tables, as a ``target_metadata`` of Alembic."""
    metadata = MetaData(schema=schema)
    _describe(metadata, table, Column("key", _KEY, primary_key=True), Column("value", _VALUE, nullable=False))
    member = Column("member", _KEY, primary_key=True)
    _describe(metadata, f"{table}_members", Column("key", _KEY, primary_key=True), member)
    return metadata


def _describe(metadata: MetaData, name: str, *columns: Column[str]) -> None:
    expires_at = Column("expires_at", BigInteger, nullable=False)
    Table(name, metadata, *columns, expires_at, Index(f"{name}_expires_at", "expires_at"), sqlite_with_rowid=False)
