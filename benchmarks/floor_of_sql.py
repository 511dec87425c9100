"""The work of each operation on PostgreSQL and MariaDB and nothing more: unchecked, with one raw call of the driver.

Each function is whole, because a call of a shared part would raise the floor.
"""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from psycopg_pool import ConnectionPool

from cross_auth import SessionData
from cross_auth.storage._postgres_table import Statements

Pool = ConnectionPool[Any]
TABLE = "by_hand"
POSTGRES = Statements(TABLE, None)

_NOW = "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))"
MARIADB_SET = (
    f"INSERT INTO {TABLE} (`key`, value, expires_at) "
    f"VALUES (%s, %s, coalesce({_NOW} + %s * 1000000, 9223372036854775807)) "
    "ON DUPLICATE KEY UPDATE value = VALUES(value), expires_at = VALUES(expires_at)"
)
_MARIADB_GET = f"SELECT value FROM {TABLE} WHERE `key` = %s AND expires_at > {_NOW}"
_MARIADB_DELETE = f"DELETE FROM {TABLE} WHERE `key` = %s"


def create_in_postgres(user_id: str, pool: Pool, max_age: int = 86400) -> tuple[str, SessionData]:
    session_id = token_urlsafe(32)
    handle = sha256(session_id.encode()).hexdigest()
    now = datetime.now(UTC)
    expires_at = now + timedelta(seconds=max_age)
    session = SessionData(user_id=user_id, created_at=now, expires_at=expires_at, handle=handle)
    with pool.connection() as connection:
        connection.execute(POSTGRES.set, (f"session:{handle}", session.model_dump_json(), max_age))
    return session_id, session


def get_from_postgres(session_id: str, pool: Pool) -> SessionData | None:
    with pool.connection() as connection:
        key = f"session:{sha256(session_id.encode()).hexdigest()}"
        row = connection.execute(POSTGRES.get, (key,)).fetchone()
    if row is None:
        return None
    session = SessionData.model_validate_json(row[0])
    return session if datetime.now(UTC) < session.expires_at else None


def delete_from_postgres(session_id: str, pool: Pool) -> None:
    with pool.connection() as connection:
        connection.execute(POSTGRES.delete, (f"session:{sha256(session_id.encode()).hexdigest()}",))


def create_in_mariadb(user_id: str, connection: Any, max_age: int = 86400) -> tuple[str, SessionData]:
    session_id = token_urlsafe(32)
    handle = sha256(session_id.encode()).hexdigest()
    now = datetime.now(UTC)
    expires_at = now + timedelta(seconds=max_age)
    session = SessionData(user_id=user_id, created_at=now, expires_at=expires_at, handle=handle)
    with connection.cursor() as cursor:
        cursor.execute(MARIADB_SET, (f"session:{handle}".encode(), session.model_dump_json(), max_age))
    return session_id, session


def get_from_mariadb(session_id: str, connection: Any) -> SessionData | None:
    with connection.cursor() as cursor:
        cursor.execute(_MARIADB_GET, (f"session:{sha256(session_id.encode()).hexdigest()}".encode(),))
        row = cursor.fetchone()
    if row is None:
        return None
    session = SessionData.model_validate_json(row[0])
    return session if datetime.now(UTC) < session.expires_at else None


def delete_from_mariadb(session_id: str, connection: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_MARIADB_DELETE, (f"session:{sha256(session_id.encode()).hexdigest()}".encode(),))
