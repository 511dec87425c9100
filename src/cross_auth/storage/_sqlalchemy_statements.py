"""What is asked of the tables of a storage, in each dialect."""

from typing import Any

from sqlalchemy import BigInteger, Table, bindparam, case, delete, func, select
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

_NEVER = 2**63 - 1
_INSERT: dict[str, Any] = {
    "postgresql": postgresql.insert,
    "mysql": mysql.insert,
    "mariadb": mysql.insert,
    "sqlite": sqlite.insert,
}
DIALECTS = tuple(_INSERT)
_MYSQL = ("mysql", "mariadb")


class now(FunctionElement[int]):  # noqa: N801  as SQLAlchemy names its functions
    """Tell microseconds since 1970 by the clock of the database, in no time zone."""

    type = BigInteger()
    inherit_cache = True  # else each statement with it would be compiled at each call


@compiles(now, "postgresql")
def _(element: now, compiler: Any, **options: Any) -> str:
    return "CAST(extract(epoch FROM statement_timestamp()) * 1000000 AS bigint)"


@compiles(now, "mysql", "mariadb")
def _(element: now, compiler: Any, **options: Any) -> str:
    return "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))"


@compiles(now, "sqlite")
def _(element: now, compiler: Any, **options: Any) -> str:
    return "CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER) * 1000"


class Statements:
    """Hold what is asked about values; keys are ``wanted``, what is stored is ``text``, times to live are ``ttl``."""

    def __init__(self, table: Table, dialect: str) -> None:
        self.table = table
        is_wanted, is_live = table.c.key == bindparam("wanted"), table.c.expires_at > now()
        expiry = func.coalesce(_in_time(), _NEVER)
        new = _INSERT[dialect](table).values(key=bindparam("wanted"), value=bindparam("text"), expires_at=expiry)
        if dialect in _MYSQL:
            self.set = new.on_duplicate_key_update(value=new.inserted.value, expires_at=new.inserted.expires_at)
        else:
            columns = {"value": new.excluded.value, "expires_at": new.excluded.expires_at}
            self.set = new.on_conflict_do_update(index_elements=["key"], set_=columns)
        self.get = select(table.c.value).where(is_wanted, is_live)
        self.lock = self.get.with_for_update()
        self.delete = delete(table).where(is_wanted)
        self.pop = self.delete.returning(case((is_live, table.c.value)))


class IndexStatements:
    """Hold what is asked about sets; a member is an ``entry``."""

    def __init__(self, table: Table, dialect: str) -> None:
        self.table = table
        is_wanted = table.c.key == bindparam("wanted")
        new = _INSERT[dialect](table).values(key=bindparam("wanted"), member=bindparam("entry"), expires_at=_in_time())
        if dialect in _MYSQL:
            longer = func.greatest(table.c.expires_at, new.inserted.expires_at)
            self.add = new.on_duplicate_key_update(expires_at=longer)
        else:
            later = new.excluded.expires_at
            lives_shorter = table.c.expires_at < later
            self.add = new.on_conflict_do_update(
                index_elements=["key", "member"], set_={"expires_at": later}, where=lives_shorter
            )
        self.members = select(table.c.member).where(is_wanted, table.c.expires_at > now())
        self.discard = delete(table).where(is_wanted, table.c.member == bindparam("entry"))


def _in_time() -> Any:
    return now() + bindparam("ttl", type_=BigInteger) * 1_000_000
