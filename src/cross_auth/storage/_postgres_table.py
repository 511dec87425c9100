"""The tables in PostgreSQL, which are those of ``SQLAlchemyStorage``, and what is asked of them."""

from psycopg.sql import SQL, Composable, Identifier, Literal

from cross_auth.storage._expiry import Expiry
from cross_auth.storage._postgres_settings import WRITES_BETWEEN_EXPIRIES

# Microseconds since 1970 by the server's clock.
_NOW = SQL("(extract(epoch FROM statement_timestamp()) * 1000000)::bigint")

_CREATE = SQL(
    """
    SELECT pg_advisory_xact_lock(7310579632110);
    CREATE TABLE IF NOT EXISTS {table} ({columns});
    CREATE INDEX IF NOT EXISTS {index} ON {table} (expires_at)
    """
)
_RECORDS = SQL('key text COLLATE "C" NOT NULL PRIMARY KEY, value text NOT NULL, expires_at bigint NOT NULL')
_MEMBERS = SQL(
    """
    key text COLLATE "C" NOT NULL, member text COLLATE "C" NOT NULL, expires_at bigint NOT NULL,
    PRIMARY KEY (key, member)
    """
)

# Rows are found by their place, which is several times faster than by their keys.
# What was found is asked once more whether it has expired: in a table of several parts, places are not unique.
# The sum keeps the planner from the index, which has every expired row.
# Where transactions are serializable, this one would be in the way of every other.
_REMOVE = SQL(
    """
    SET LOCAL transaction_isolation = 'read committed';
    WITH removed AS (
        DELETE FROM {table} WHERE expires_at + 0 <= {now} AND ctid = ANY (ARRAY(
            SELECT ctid FROM {table} WHERE expires_at >= {begin} AND expires_at <= {now}
            ORDER BY expires_at LIMIT {rows} FOR UPDATE SKIP LOCKED
        )) RETURNING expires_at
    )
    SELECT count(*), max(expires_at) FROM removed
    """
)

_SET = SQL(
    """
    INSERT INTO {table} (key, value, expires_at)
    VALUES (%s, %s, coalesce({now} + %s::bigint * 1000000, 9223372036854775807))
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at
    """
)
_GET = SQL("SELECT value FROM {table} WHERE key = %s AND expires_at > {now}")
_DELETE = SQL("DELETE FROM {table} WHERE key = %s")
_POP = SQL("DELETE FROM {table} WHERE key = %s RETURNING CASE WHEN expires_at > {now} THEN value END")

_ADD = SQL(
    """
    INSERT INTO {table} AS stored (key, member, expires_at) VALUES (%s, %s, {now} + %s::bigint * 1000000)
    ON CONFLICT (key, member) DO UPDATE SET expires_at = excluded.expires_at
    WHERE stored.expires_at < excluded.expires_at
    """
)
_GET_MEMBERS = SQL("SELECT array_agg(member) FROM {table} WHERE key = %s AND expires_at > {now}")
_DISCARD = SQL("DELETE FROM {table} WHERE key = %s AND member = %s")


class Table(Expiry):
    """Hold what is asked of a table, whatever it is for, as psycopg takes it."""

    def __init__(self, table: str, schema: str | None, columns: Composable) -> None:
        super().__init__(WRITES_BETWEEN_EXPIRIES)
        name = Identifier(schema, table) if schema else Identifier(table)
        self._names: dict[str, Composable] = {"table": name, "now": _NOW}
        self.name = name.as_string()
        self.create = self.bytes_of(_CREATE, columns=columns, index=Identifier(f"{table}_expires_at"))

    def bytes_of(self, statement: SQL, **names: Composable) -> bytes:
        return statement.format(**self._names, **names).as_bytes()

    def remove(self, begin: int, rows: int) -> bytes:
        """Return what removes so many expired rows at most, and tells how many and when the last expired."""
        return self.bytes_of(_REMOVE, begin=Literal(begin), rows=Literal(rows))


class Statements:
    """Hold what is asked of both tables."""

    def __init__(self, table: str, schema: str | None) -> None:
        self.records = Table(table, schema, _RECORDS)
        self.index = Table(f"{table}_members", schema, _MEMBERS)
        self.tables = (self.records, self.index)
        self.table = self.records.name
        self.set, self.get, self.delete, self.pop = map(self.records.bytes_of, (_SET, _GET, _DELETE, _POP))
        self.add, self.members, self.discard = map(self.index.bytes_of, (_ADD, _GET_MEMBERS, _DISCARD))
