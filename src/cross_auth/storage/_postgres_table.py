"""The statements of one table in PostgreSQL, which is the table of ``SQLAlchemyStorage``."""

from psycopg.sql import SQL, Composable, Identifier, Literal

_EXPIRED_A_TIME = 192  # three for each row written, so that a backlog shrinks while the application runs

# Microseconds since 1970 by the server's clock.
_NOW = SQL("(extract(epoch FROM statement_timestamp()) * 1000000)::bigint")

_CREATE = SQL(
    """
    SELECT pg_advisory_xact_lock(7310579632110);
    CREATE TABLE IF NOT EXISTS {table} (
        key text COLLATE "C" NOT NULL PRIMARY KEY, value text NOT NULL, expires_at bigint NOT NULL
    );
    CREATE INDEX IF NOT EXISTS {index} ON {table} (expires_at)
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
_EXPIRE = SQL(
    """
    WITH expired AS MATERIALIZED (
        SELECT key FROM {table} WHERE expires_at >= %s AND expires_at <= {now}
        ORDER BY expires_at LIMIT {rows} FOR UPDATE SKIP LOCKED
    ), removed AS (
        DELETE FROM {table} AS stored USING expired WHERE stored.key = expired.key RETURNING expires_at
    )
    SELECT CASE WHEN count(*) = {rows} THEN max(expires_at) ELSE 0 END FROM removed
    """
)


class Statements:
    """Hold what is asked of one table, as psycopg takes it."""

    def __init__(self, table: str, schema: str | None) -> None:
        name = Identifier(schema, table) if schema else Identifier(table)
        index, rows = Identifier(f"{table}_expires_at"), Literal(_EXPIRED_A_TIME)
        names: dict[str, Composable] = {"table": name, "index": index, "rows": rows, "now": _NOW}
        self.table = name.as_string()
        self.create, self.set, self.get, self.delete, self.pop, self.expire = (
            statement.format(**names).as_bytes() for statement in (_CREATE, _SET, _GET, _DELETE, _POP, _EXPIRE)
        )
