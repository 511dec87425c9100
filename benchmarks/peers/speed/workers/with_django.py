"""The sessions of Django: what its middleware loads, saves and flushes."""

from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.core.management import call_command

from benchmarks.peers.speed.serving import order, serve
from benchmarks.peers.speed.worker import LIFETIME, Sessions

ORDER = order()
MOST = 1_000_000  # sessions; the default of a cache in memory drops what is above 300
CACHES: dict[str, dict[str, Any]] = {
    "memory": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": MOST}},
    "Redis": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": ORDER.url},
}
PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL"
URL = urlsplit(ORDER.url)
DATABASES: dict[str, dict[str, Any]] = {
    "SQLite": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(Path(ORDER.folder, "django.db")),
        "OPTIONS": {"init_command": PRAGMAS},
    },
    "PostgreSQL": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": URL.hostname,
        "PORT": URL.port,
        "USER": URL.username,
        "NAME": URL.path[1:],
    },
}
settings.configure(
    SECRET_KEY="a secret of this run, which is kept nowhere else",
    USE_TZ=True,
    CACHES={"default": CACHES.get(ORDER.store, CACHES["memory"])},
    DATABASES={"default": DATABASES[ORDER.store]} if ORDER.store in DATABASES else {},
    INSTALLED_APPS=["django.contrib.sessions"],
    SESSION_ENGINE=f"django.contrib.sessions.backends.{'db' if ORDER.store in DATABASES else 'cache'}",
    SESSION_COOKIE_AGE=LIFETIME,
)
django.setup()

from django.db import connection  # noqa: E402  # needs the settings

SessionStore = import_module(settings.SESSION_ENGINE).SessionStore


def create(user: str) -> str:
    session = SessionStore()
    session["user"] = user
    session.create()
    return str(session.session_key)


def get(session_key: str) -> Any:
    return SessionStore(session_key).get("user")


def delete(session_key: str) -> None:
    SessionStore(session_key).flush()


def pragmas() -> dict[str, object]:
    """Return what the connection of the sessions has."""
    if ORDER.store != "SQLite":
        return {}
    with connection.cursor() as cursor:
        return {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")}


if __name__ == "__main__":
    if ORDER.store in DATABASES:
        call_command("migrate", verbosity=0)
    serve(Sessions(create, get, delete), "Django", facts=pragmas())
