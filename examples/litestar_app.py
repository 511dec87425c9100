"""The site on Litestar: what a request carries is injected by name, and hooks see each request and each answer."""

import asyncio
import logging
import os
from contextlib import suppress
from typing import Annotated, Any

import uvicorn
from litestar import Litestar, MediaType, Request, Response, get, post
from litestar.datastructures import Cookie, MutableScopeHeaders, State
from litestar.di import NamedDependency, Provide
from litestar.exceptions import ClientException, HTTPException
from litestar.params import Body
from litestar.response import Redirect

import cross_auth
from cross_auth import AsyncIndexedStorage, SessionConfig, SessionData, StorageError, aio
from cross_auth.storage import open_async_storage
from examples import pages

# Safari drops Secure cookies over plain HTTP, even on localhost; a site over HTTPS uses SessionConfig.host_prefixed().
CONFIG = SessionConfig(secure=False)
Form = Annotated[dict[str, str], Body(media_type="application/x-www-form-urlencoded")]
SentId = NamedDependency[str]


def provide_id(request: Request[Any, Any, Any]) -> str:
    # Over HTTP/2 there may be several headers; the empty text is no session's id.
    return cross_auth.read_session_cookie("; ".join(request.headers.getall("cookie", [])), CONFIG) or ""


async def provide_session(sent_id: SentId, state: State) -> SessionData:
    if session := await aio.touch_session(sent_id, state.storage):
        return session
    raise HTTPException(status_code=303, headers={"Location": "/"})


def field(data: dict[str, str], name: str) -> str:
    if name not in data:
        raise ClientException(f"The form has no text called {name}.")
    return data[name]


def page(html: str, status: int = 200) -> Response[Any]:
    return Response(html, media_type=MediaType.HTML, status_code=status)


def see_other(path: str, *cookies: cross_auth.Cookie) -> Response[Any]:
    return Redirect(path, status_code=303, cookies=[Cookie(**each.to_dict()) for each in cookies])


async def page_of(session: SessionData, state: State, message: str = "", status: int = 200) -> Response[Any]:
    unlocked = await state.storage.get(f"unlocked:{session.handle}") is not None
    return page(pages.home(session, CONFIG, unlocked, message), status)


@get("/")
async def home(sent_id: SentId, state: State) -> Response[Any]:
    session = await aio.touch_session(sent_id, state.storage)
    return await page_of(session, state) if session else page(pages.log_in())


@post("/login")
async def log_in(request: Request[Any, Any, Any], data: Form, sent_id: SentId, state: State) -> Response[Any]:
    username, password = field(data, "username"), field(data, "password")
    if not pages.knows(username, password):
        return page(pages.log_in("Wrong name or password.", username), 401)
    storage, device = state.storage, pages.device(request.headers.get("user-agent"))
    new_id, _ = await aio.create_session(username, storage, idle_timeout=1800, metadata=device, replaces=sent_id)
    return see_other("/", cross_auth.make_session_cookie(new_id, CONFIG))


@post("/logout")
async def log_out(sent_id: SentId, state: State) -> Response[Any]:
    await aio.delete_session(sent_id, state.storage)
    return see_other("/", cross_auth.make_clear_cookie(CONFIG))


@post("/unlock")
async def unlock(data: Form, session: NamedDependency[SessionData], sent_id: SentId, state: State) -> Response[Any]:
    if not pages.knows(session.user_id, field(data, "password")):
        return await page_of(session, state, "Wrong password.", 401)
    if (renewed := await aio.renew_session(sent_id, state.storage)) is None:
        return see_other("/")  # another request renewed or ended it meanwhile
    new_id, session = renewed
    with suppress(StorageError):  # the old id has ended: the new cookie goes out, the area stays closed
        await state.storage.set(f"unlocked:{session.handle}", "yes", ttl=300)
    return see_other("/", cross_auth.make_session_cookie(new_id, CONFIG, expires_at=session.expires_at))


@get("/devices")
async def devices(session: NamedDependency[SessionData], state: State) -> Response[Any]:
    return page(pages.devices(session, await aio.list_sessions(session.user_id, state.storage)))


@post("/devices/sign-out")
async def sign_out(data: Form, session: NamedDependency[SessionData], state: State) -> Response[Any]:
    await aio.revoke_session(session.user_id, field(data, "handle"), state.storage)
    return see_other("/devices")


@post("/devices/sign-out-others")
async def sign_out_others(session: NamedDependency[SessionData], sent_id: SentId, state: State) -> Response[Any]:
    await aio.revoke_sessions(session.user_id, state.storage, keep=sent_id)
    return see_other("/devices")


def refuse(request: Request[Any, Any, Any]) -> Response[Any] | None:
    foreign = cross_auth.is_cross_origin(request.method, request.headers)
    return page(pages.message("This form was sent from another site."), 403) if foreign else None


async def keep_out_of_caches(message: Any, scope: Any) -> None:
    if message["type"] == "http.response.start":
        MutableScopeHeaders(message)["Cache-Control"] = "no-store"


def unreachable(request: Request[Any, Any, Any], error: StorageError) -> Response[Any]:
    logging.getLogger(__name__).error("The storage of the sessions failed.", exc_info=error)
    return page(pages.message("Sessions cannot be reached right now. Please try again."), 503)


def create_app(storage: AsyncIndexedStorage) -> Litestar:
    return Litestar(
        [home, log_in, log_out, unlock, devices, sign_out, sign_out_others],
        before_request=refuse,
        before_send=[keep_out_of_caches],
        dependencies={"sent_id": Provide(provide_id, sync_to_thread=False), "session": Provide(provide_session)},
        exception_handlers={StorageError: unreachable},
        logging_config=None,
        request_max_body_size=16_384,
        state=State({"storage": storage}),
    )


async def main() -> None:
    async with await open_async_storage(os.environ.get("STORAGE", "sqlite:///demo.db")) as storage:
        await uvicorn.Server(uvicorn.Config(create_app(storage), port=int(os.environ.get("PORT", "8000")))).serve()


if __name__ == "__main__":
    asyncio.run(main())
