"""SQLite as this library has it, under an engine of SQLAlchemy: a write-ahead log, synced at every commit."""

from typing import Any

from sqlalchemy import event


def use_write_ahead_log(engine: Any) -> dict[str, object]:
    """Set it for each connection, and return what one of them then has."""
    if engine.dialect.name != "sqlite":
        return {}
    event.listen(engine, "connect", _set)
    with engine.connect() as connection:
        names = ("journal_mode", "synchronous")
        return {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}


def _set(connection: Any, record: object) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
