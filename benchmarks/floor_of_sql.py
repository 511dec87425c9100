"""The work of each operation on PostgreSQL and MariaDB and nothing more: unchecked, one raw call for a storage call.

Each function is whole, because a call of a shared part would raise the floor.
"""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from psycopg_pool import ConnectionPool

from cross_auth import SessionData
from cross_auth._records import SKEW
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
MARIADB_GET = f"SELECT value FROM {TABLE} WHERE `key` = %s AND expires_at > {_NOW}"
MARIADB_POP = f"DELETE FROM {TABLE} WHERE `key` = %s RETURNING CASE WHEN expires_at > {_NOW} THEN value END"
MARIADB_ADD = (
    f"INSERT INTO {TABLE}_members (`key`, member, expires_at) VALUES (%s, %s, {_NOW} + %s * 1000000) "
    "ON DUPLICATE KEY UPDATE expires_at = greatest(expires_at, VALUES(expires_at))"
)
MARIADB_MEMBERS = f"SELECT member FROM {TABLE}_members WHERE `key` = %s AND expires_at > {_NOW}"
MARIADB_DISCARD = f"DELETE FROM {TABLE}_members WHERE `key` = %s AND member = %s"


def create_in_postgres(user_id: str, pool: Pool, max_age: int = 86400) -> tuple[str, SessionData]:
    session_id = token_urlsafe(32)
    handle = sha256(session_id.encode()).hexdigest()
    now = datetime.now(UTC)
    expires_at = now + timedelta(seconds=max_age)
    session = SessionData(user_id=user_id, created_at=now, expires_at=expires_at, handle=handle)
    record = session.model_dump_json(exclude={"idle_timeout", "metadata"})
    with pool.connection() as connection:
        user = f"user:{sha256(user_id.encode()).hexdigest()}"
        connection.execute(POSTGRES.add, (user, handle, max_age + SKEW))
        connection.execute(POSTGRES.set, (f"session:{handle}", record, max_age))
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
    handle = sha256(session_id.encode()).hexdigest()
    with pool.connection() as connection:
        row = connection.execute(POSTGRES.pop, (f"session:{handle}",)).fetchone()
        session = SessionData.model_validate_json(row[0] if row else "")
        connection.execute(POSTGRES.discard, (f"user:{sha256(session.user_id.encode()).hexdigest()}", handle))


def create_in_mariadb(user_id: str, connection: Any, max_age: int = 86400) -> tuple[str, SessionData]:
    session_id = token_urlsafe(32)
    handle = sha256(session_id.encode()).hexdigest()
    now = datetime.now(UTC)
    expires_at = now + timedelta(seconds=max_age)
    session = SessionData(user_id=user_id, created_at=now, expires_at=expires_at, handle=handle)
    record = session.model_dump_json(exclude={"idle_timeout", "metadata"})
    with connection.cursor() as cursor:
        user = f"user:{sha256(user_id.encode()).hexdigest()}"
        cursor.execute(MARIADB_ADD, (user.encode(), handle.encode(), max_age + SKEW))
        cursor.execute(MARIADB_SET, (f"session:{handle}".encode(), record, max_age))
    return session_id, session


def get_from_mariadb(session_id: str, connection: Any) -> SessionData | None:
    with connection.cursor() as cursor:
        cursor.execute(MARIADB_GET, (f"session:{sha256(session_id.encode()).hexdigest()}".encode(),))
        row = cursor.fetchone()
    if row is None:
        return None
    session = SessionData.model_validate_json(row[0])
    return session if datetime.now(UTC) < session.expires_at else None


def delete_from_mariadb(session_id: str, connection: Any) -> None:
    handle = sha256(session_id.encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(MARIADB_POP, (f"session:{handle}".encode(),))
        session = SessionData.model_validate_json(cursor.fetchone()[0])
        user = f"user:{sha256(session.user_id.encode()).hexdigest()}"
        cursor.execute(MARIADB_DISCARD, (user.encode(), handle.encode()))
