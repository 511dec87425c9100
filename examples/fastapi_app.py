"""The site on FastAPI: what a request carries comes as dependencies, and the router fits into any application."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Annotated, Any

import uvicorn
from fastapi import APIRouter, Depends, FastAPI, Form, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

import cross_auth
from cross_auth import AsyncIndexedStorage, Cookie, SessionConfig, SessionData, StorageError, aio
from cross_auth.storage import open_async_storage
from examples import pages

# Safari drops Secure cookies over plain HTTP, even on localhost; a site over HTTPS uses SessionConfig.host_prefixed().
CONFIG = SessionConfig(secure=False)
router = APIRouter(default_response_class=HTMLResponse, max_body_size=16_384)


async def storage_of(request: Request) -> Any:
    return request.state.storage  # where the lifespan put it


async def sent_id(request: Request) -> str:
    header = "; ".join(request.headers.getlist("cookie"))  # over HTTP/2 there may be several
    return cross_auth.read_session_cookie(header, CONFIG) or ""  # which is no session's id


Field = Annotated[str, Form(default_factory=str)]  # where it is empty FastAPI takes it for missing
SentId = Annotated[str, Depends(sent_id)]
Storage = Annotated[AsyncIndexedStorage, Depends(storage_of)]


async def current_session(session_id: SentId, storage: Storage) -> SessionData | None:
    return await aio.touch_session(session_id, storage)


Visitor = Annotated[SessionData | None, Depends(current_session)]


async def signed_in(session: Visitor) -> SessionData:
    if session is None:
        raise HTTPException(303, headers={"Location": "/"})
    return session


User = Annotated[SessionData, Depends(signed_in)]


def see_other(path: str, cookie: Cookie | None = None) -> Response:
    response = RedirectResponse(path, 303)
    if cookie is not None:
        response.set_cookie(**cookie.to_dict())
    return response


@router.get("/")
async def home(session: Visitor, storage: Storage) -> str:
    return await page_of(session, storage) if session else pages.log_in()


async def page_of(session: SessionData, storage: AsyncIndexedStorage, message: str = "") -> str:
    unlocked = await storage.get(f"unlocked:{session.handle}") is not None
    return pages.home(session, CONFIG, unlocked, message)


@router.post("/login")
async def log_in(request: Request, username: Field, password: Field, old_id: SentId, storage: Storage) -> Response:
    if not pages.knows(username, password):
        return HTMLResponse(pages.log_in("Wrong name or password.", username), 401)
    device = pages.device(request.headers.get("user-agent"))
    new_id, _ = await aio.create_session(username, storage, idle_timeout=1800, metadata=device, replaces=old_id)
    return see_other("/", cross_auth.make_session_cookie(new_id, CONFIG))


@router.post("/logout")
async def log_out(session_id: SentId, storage: Storage) -> Response:
    await aio.delete_session(session_id, storage)
    return see_other("/", cross_auth.make_clear_cookie(CONFIG))


@router.post("/unlock")
async def unlock(password: Field, session: User, session_id: SentId, storage: Storage) -> Response:
    if not pages.knows(session.user_id, password):
        return HTMLResponse(await page_of(session, storage, "Wrong password."), 401)
    if (renewed := await aio.renew_session(session_id, storage)) is None:
        return see_other("/")  # another request renewed or ended it meanwhile
    new_id, session = renewed
    with suppress(StorageError):  # the old id has ended: the new cookie goes out, the area stays closed
        await storage.set(f"unlocked:{session.handle}", "yes", ttl=300)
    return see_other("/", cross_auth.make_session_cookie(new_id, CONFIG, expires_at=session.expires_at))


@router.get("/devices")
async def devices(session: User, storage: Storage) -> str:
    return pages.devices(session, await aio.list_sessions(session.user_id, storage))


@router.post("/devices/sign-out")
async def sign_out(handle: Annotated[str, Form()], session: User, storage: Storage) -> Response:
    await aio.revoke_session(session.user_id, handle, storage)
    return see_other("/devices")


@router.post("/devices/sign-out-others")
async def sign_out_others(session: User, session_id: SentId, storage: Storage) -> Response:
    await aio.revoke_sessions(session.user_id, storage, keep=session_id)
    return see_other("/devices")


async def guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    if cross_auth.is_cross_origin(request.method, request.headers):
        response: Response = HTMLResponse(pages.message("This form was sent from another site."), 403)
    else:
        response = await call_next(request)
    response.headers["Cache-Control"] = "no-store"
    return response


async def unreachable(request: Request, error: Exception) -> Response:
    logging.getLogger(__name__).error("The storage of the sessions failed.", exc_info=error)
    return HTMLResponse(pages.message("Sessions cannot be reached right now. Please try again."), 503)


def create_app(storage: AsyncIndexedStorage) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, AsyncIndexedStorage]]:
        yield {"storage": storage}

    app = FastAPI(lifespan=lifespan, openapi_url=None, redirect_slashes=False)
    app.add_exception_handler(StorageError, unreachable)
    app.middleware("http")(guard)
    app.include_router(router)
    return app


async def main() -> None:
    async with await open_async_storage(os.environ.get("STORAGE", "sqlite:///demo.db")) as storage:
        await uvicorn.Server(uvicorn.Config(create_app(storage), port=int(os.environ.get("PORT", "8000")))).serve()


if __name__ == "__main__":
    asyncio.run(main())
