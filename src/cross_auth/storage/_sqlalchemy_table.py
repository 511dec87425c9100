"""The table of a storage in SQLAlchemy's words, and what is asked of it in each dialect."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    bindparam,
    case,
    delete,
    func,
    select,
)
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

_NEVER = 2**63 - 1
EXPIRED_A_TIME = 48  # three for each row written, so that a backlog shrinks while the application runs
_INSERT: dict[str, Any] = {
    "postgresql": postgresql.insert,
    "mysql": mysql.insert,
    "mariadb": mysql.insert,
    "sqlite": sqlite.insert,
}
DIALECTS = tuple(_INSERT)


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


class _now(FunctionElement[int]):  # noqa: N801  as SQLAlchemy names its functions
    """Tell microseconds since 1970 by the clock of the database, in no time zone."""

    type = BigInteger()
    inherit_cache = True  # else each statement with it would be compiled at each call


@compiles(_now, "postgresql")
def _(element: _now, compiler: Any, **options: Any) -> str:
    return "CAST(extract(epoch FROM statement_timestamp()) * 1000000 AS bigint)"


@compiles(_now, "mysql", "mariadb")
def _(element: _now, compiler: Any, **options: Any) -> str:
    return "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))"


@compiles(_now, "sqlite")
def _(element: _now, compiler: Any, **options: Any) -> str:
    return "CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER) * 1000"


def make_metadata(*, table: str = "cross_auth_storage", schema: str | None = None) -> MetaData:
    """Describe the table, as a ``target_metadata`` of Alembic."""
    metadata = MetaData(schema=schema)
    Table(
        table,
        metadata,
        Column("key", _KEY, primary_key=True),
        Column("value", _VALUE, nullable=False),
        Column("expires_at", BigInteger, nullable=False),
        Index(f"{table}_expires_at", "expires_at"),
        sqlite_with_rowid=False,
    )
    return metadata


class Statements:
    """Hold what is asked of a table; keys are ``wanted``, what is stored is ``text``, times to live are ``ttl``."""

    def __init__(self, metadata: MetaData, dialect: str) -> None:
        (self.table,) = metadata.tables.values()
        table = self.table
        is_wanted = table.c.key == bindparam("wanted")
        is_live = table.c.expires_at > _now()
        expiry = func.coalesce(_now() + bindparam("ttl", type_=BigInteger) * 1_000_000, _NEVER)
        new: Any = _INSERT[dialect](table).values(key=bindparam("wanted"), value=bindparam("text"), expires_at=expiry)
        if dialect in ("mysql", "mariadb"):
            self.set = new.on_duplicate_key_update(value=new.inserted.value, expires_at=new.inserted.expires_at)
        else:
            columns = {"value": new.excluded.value, "expires_at": new.excluded.expires_at}
            self.set = new.on_conflict_do_update(index_elements=["key"], set_=columns)
        self.get = select(table.c.value).where(is_wanted, is_live)
        self.lock = self.get.with_for_update()
        self.delete = delete(table).where(is_wanted)
        self.pop = self.delete.returning(case((is_live, table.c.value)))
        stored = select(table.c.key, table.c.expires_at)
        begin = table.c.expires_at >= bindparam("begin", type_=BigInteger)
        self.expired = stored.where(begin, ~is_live).order_by(table.c.expires_at).limit(EXPIRED_A_TIME)
        self.expire = delete(table).where(table.c.key.in_(bindparam("expired", expanding=True)), ~is_live)
