"""What a measurement was made with."""

import os
import platform
import sqlite3
from functools import cache
from importlib import metadata

import psycopg
import psycopg_pool
import pydantic
import pydantic_core
import redis
import redis.utils
import sqlalchemy

from tests.servers import mariadb_server, postgres_server, redis_server


def versions() -> dict[str, str]:
    return {
        "python": platform.python_version(),
        "pydantic": pydantic.VERSION,
        "pydantic_core": pydantic_core.__version__,
        "sqlite": sqlite3.sqlite_version,
        "redis-py": redis.__version__,
        "hiredis": str(redis.utils.HIREDIS_AVAILABLE),
        "psycopg": psycopg.__version__,
        "psycopg implementation": psycopg.pq.__impl__,
        "libpq": str(psycopg.pq.version()),
        "psycopg_pool": psycopg_pool.__version__,
        "SQLAlchemy": sqlalchemy.__version__,
        "PyMySQL": metadata.version("PyMySQL"),
        **{f"{name} server": version for name, version in _of_servers().items()},
        "platform": platform.platform(),
        "processors": str(os.cpu_count()),
    }


@cache
def _of_servers() -> dict[str, str]:
    modules = {"Redis": redis_server, "PostgreSQL": postgres_server, "MariaDB": mariadb_server}
    return {name: module.missing() or module.version() for name, module in modules.items()}


def head() -> str:
    return ", ".join(f"{name} {version}" for name, version in versions().items())
