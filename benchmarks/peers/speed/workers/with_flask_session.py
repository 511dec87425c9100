"""Flask-Session: the interface that Flask opens a session with, and saves it with.

``save_session`` also writes the cookie into the answer, and there is no way to store a session without that.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any

from cachelib.file import FileSystemCache  # type: ignore[import-not-found]  # the peers' packages are elsewhere
from cachelib.simple import SimpleCache  # type: ignore[import-not-found]  # as above
from flask import Flask, Request, Response
from flask_session import Session  # type: ignore[import-not-found]  # as above
from flask_sqlalchemy import SQLAlchemy  # type: ignore[import-not-found]  # as above
from redis import Redis
from werkzeug.test import EnvironBuilder

from benchmarks.peers.speed.serving import order, serve
from benchmarks.peers.speed.worker import LIFETIME, Sessions
from benchmarks.peers.speed.workers.pragmas import use_write_ahead_log

ORDER = order()
MOST = 1_000_000  # sessions; by default cachelib drops what is above 500
URLS = {
    "SQLite": f"sqlite:///{Path(ORDER.folder, 'flask.db')}",
    "PostgreSQL": ORDER.url.replace("postgresql:", "postgresql+psycopg:"),
}
app: Any = Flask(__name__)
app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(seconds=LIFETIME)
facts: dict[str, object] = {}
if ORDER.store in URLS:
    app.config["SQLALCHEMY_DATABASE_URI"] = URLS[ORDER.store]
    database: Any = SQLAlchemy(app)
    with app.app_context():
        facts = use_write_ahead_log(database.engine)
    app.config.update(SESSION_TYPE="sqlalchemy", SESSION_SQLALCHEMY=database)
elif ORDER.store == "Redis":
    app.config.update(SESSION_TYPE="redis", SESSION_REDIS=Redis.from_url(ORDER.url))
else:
    cache = SimpleCache(MOST) if ORDER.store == "memory" else FileSystemCache(ORDER.folder, MOST)
    app.config.update(SESSION_TYPE="cachelib", SESSION_CACHELIB=cache)
Session(app)
interface = app.session_interface
# The end of a request's context is what gives a connection of SQLAlchemy back.
in_request: Callable[[], AbstractContextManager[Any]] = app.app_context if ORDER.store in URLS else nullcontext
answer = Response()


def visit(session_id: str) -> Request:
    """Return a request with the cookie, which has been parsed already."""
    request = Request(EnvironBuilder(headers=[("Cookie", f"session={session_id}")]).get_environ())
    assert session_id == request.cookies["session"]
    return request


STRANGER = Request(EnvironBuilder().get_environ())


def create(user: str) -> Any:
    with in_request():
        session = interface.open_session(app, STRANGER)
        session["user"] = user
        answer.headers.clear()
        interface.save_session(app, session, answer)
        return session.sid


def get(request: Request) -> Any:
    with in_request():
        return interface.open_session(app, request).get("user")


def delete(request: Request) -> None:
    with in_request():
        session = interface.open_session(app, request)
        session.clear()
        answer.headers.clear()
        interface.save_session(app, session, answer)


if __name__ == "__main__":
    serve(Sessions(create, get, delete, visit), "Flask-Session", facts=facts)
