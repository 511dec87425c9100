"""The sessions of crudauth on Redis, its users in SQLite."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from crudauth import (  # type: ignore[import-not-found]  # the peers' packages are elsewhere
    AuthUserMixin,
    CRUDAuth,
    SessionTransport,
)
from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import PlainTextResponse
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

from benchmarks.peers.sites.serving import ABSOLUTE, HOST_COOKIE, IDLE, SECRET, USER, hold, order, serve_asgi

OPTIONS: dict[str, dict[str, Any]] = {
    "default": {},
    "host": {"cookie_name": HOST_COOKIE},
    "idle": {"session_timeout_minutes": IDLE // 60},
    "absolute": {"session_timeout_minutes": ABSOLUTE // 60, "absolute_timeout_hours": ABSOLUTE // 3600},
    "both": {"session_timeout_minutes": IDLE // 60, "absolute_timeout_hours": ABSOLUTE // 3600},
}
engine = create_async_engine(f"sqlite+aiosqlite:///{order().file('crudauth.db')}")
make_db = async_sessionmaker(engine, expire_on_commit=False)


class Base(DeclarativeBase):
    pass


class User(Base, AuthUserMixin):  # type: ignore[misc]  # a class that is not known here
    __tablename__ = "users"


async def db() -> AsyncIterator[AsyncSession]:
    async with make_db() as opened:
        yield opened


auth = CRUDAuth(
    session=db,
    user_model=User,
    SECRET_KEY=SECRET,
    redis_url=order().redis,
    transports=[SessionTransport(**OPTIONS[order().mode])],
)
sessions = auth.sessions


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with make_db() as opened:
        opened.add(User(username=USER, email="alice@example.com", hashed_password="!"))  # no password fits it
        await opened.commit()
    await auth.initialize()
    yield
    await auth.shutdown()


app = FastAPI(lifespan=lifespan)


def id_of(request: Request) -> str:
    return request.cookies.get(sessions.session_cookie_name, "")


@app.get("/who")
async def who(request: Request, principal: Annotated[Any, Depends(auth.current_user(optional=True))]) -> Response:
    return await answer(request, principal.user.username if principal else "")


@app.get("/note")
async def read_note(request: Request) -> Response:
    session = await sessions.validate_session(id_of(request))
    return await answer(request, session.metadata.get("note", "") if session else "")


@app.post("/note")
async def note(request: Request) -> Response:
    await sessions.modify_session(id_of(request), lambda session: session.metadata.update(note="kept"))
    return await answer(request, "")


@app.post("/log-in")
async def log_in(request: Request) -> Response:
    response = Response()
    sessions.set_session_cookies(response, *await sessions.create_session(request, 1, token_version=0))
    return response


@app.post("/log-out")
async def log_out(request: Request) -> Response:
    response = Response()
    await sessions.terminate_session(id_of(request))
    sessions.clear_session_cookies(response)
    return response


@app.get("/sessions")
async def listed(request: Request) -> Response:
    return PlainTextResponse(str(len(await sessions.list_for_user(1, id_of(request)))))


@app.post("/end-others")
async def end_others(request: Request) -> Response:
    await sessions.revoke_all(1, exclude=id_of(request))
    return Response()


async def answer(request: Request, text: str) -> Response:
    if "hold" in request.query_params:
        await asyncio.to_thread(hold)
    return PlainTextResponse(text)


if __name__ == "__main__":
    serve_asgi(app, "crudauth")
