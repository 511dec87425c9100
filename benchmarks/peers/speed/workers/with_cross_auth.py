"""The sessions of the other distribution that is called cross-auth, on SQLModel.

Its public functions take a request and an answer; these are what they call.
"""

from importlib import import_module
from pathlib import Path
from typing import Any

from sqlmodel import Field, Session, SQLModel, create_engine  # type: ignore[import-not-found]  # the peers' packages

from benchmarks.peers.speed.serving import order, serve
from benchmarks.peers.speed.worker import LIFETIME, Sessions
from benchmarks.peers.speed.workers.pragmas import use_write_ahead_log

# Imported by name, because here a checker of types would take our package for it.
sessions: Any = import_module("cross_auth._session")
storing: Any = import_module("cross_auth.storage.sqlmodel")
ORDER = order()
URLS = {
    "SQLite": f"sqlite:///{Path(ORDER.folder, 'cross_auth.db')}",
    "PostgreSQL": ORDER.url.replace("postgresql:", "postgresql+psycopg:"),
}
engine: Any = create_engine(URLS[ORDER.store])


class UserSession(storing.SQLModelSession, table=True):  # type: ignore[misc,call-arg]  # of a class unknown here
    id: int | None = Field(default=None, primary_key=True)
    user_id: str


facts = use_write_ahead_log(engine)
SQLModel.metadata.create_all(engine)
storage = storing.SQLModelSessionStorage(UserSession, session_factory=lambda: Session(engine))


def create(user: str) -> str:
    return str(sessions.create_session(user, storage, LIFETIME)[0])


def get(token: str) -> Any:
    session = sessions.get_session(token, storage)
    return None if session is None else session.user_id


def delete(token: str) -> None:
    sessions.delete_session(token, storage)


if __name__ == "__main__":
    serve(Sessions(create, get, delete), "cross-auth", facts=facts)
