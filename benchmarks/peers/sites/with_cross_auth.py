"""The other distribution that is called cross-auth, on SQLModel and SQLite."""

import asyncio
from importlib import import_module
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse
from sqlmodel import Field, Session, SQLModel, create_engine  # type: ignore[import-not-found]  # the peers' packages

from benchmarks.peers.sites.serving import ABSOLUTE, HOST_COOKIE, IDLE, USER, hold, order, serve_asgi

# Imported by name, because here a checker of types would take our package for it.
framework: Any = import_module("cross_auth.fastapi")
storing: Any = import_module("cross_auth.storage.sqlmodel")
OPTIONS: dict[str, dict[str, Any]] = {
    "default": {},
    "host": {"cookies": {"name": HOST_COOKIE}},
    "idle": {"max_age": IDLE, "update_age": 60},
    "absolute": {"max_age": ABSOLUTE},
    "both": {"max_age": IDLE, "update_age": 60},
}
engine = create_engine(f"sqlite:///{order().file('cross_auth.db')}")


class UserSession(storing.SQLModelSession, table=True):  # type: ignore[misc,call-arg]  # of a class unknown here
    id: int | None = Field(default=None, primary_key=True)
    user_id: str


SQLModel.metadata.create_all(engine)
auth = framework.CrossAuth(
    providers=[],
    storage=None,  # for the state of OAuth, which nobody asks for here
    accounts_storage=None,  # for the users, likewise
    session_storage=storing.SQLModelSessionStorage(UserSession, session_factory=lambda: Session(engine)),
    config={"session": OPTIONS[order().mode]},
)
app = FastAPI()
app.add_middleware(framework.SessionCookieMiddleware)


@app.get("/who")
async def who(request: Request) -> Response:
    session = auth.get_current_session(request)
    return await answer(request, session.user_id if session else "")


@app.post("/log-in")
async def log_in(request: Request) -> Response:
    response = Response()
    auth.logout(request, response=response)
    response = Response()
    auth.login(USER, response=response)
    return response


@app.post("/log-out")
async def log_out(request: Request) -> Response:
    response = Response()
    auth.logout(request, response=response)
    return response


@app.get("/sessions")
async def listed(request: Request) -> Response:
    return PlainTextResponse(str(len(auth.list_sessions(USER, status="active").records)))


@app.post("/end-others")
async def end_others(request: Request) -> Response:
    auth.revoke_other_sessions(user_id=USER, keep_session_id=auth.get_current_session(request).id)
    return Response()


async def answer(request: Request, text: str) -> Response:
    if "hold" in request.query_params:
        await asyncio.to_thread(hold)
    return PlainTextResponse(text)


if __name__ == "__main__":
    serve_asgi(app, "cross-auth")
