"""The site on Starlette: endpoints that take a request, a table of routes, and one middleware around them."""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route, Router

import cross_auth
from cross_auth import AsyncIndexedStorage, Cookie, SessionConfig, SessionData, StorageError, aio
from cross_auth.storage import open_async_storage
from examples import pages

# Safari drops Secure cookies over plain HTTP, even on localhost; a site over HTTPS uses SessionConfig.host_prefixed().
CONFIG = SessionConfig(secure=False)


def sent_id(request: Request) -> str:
    # Over HTTP/2 there may be several headers; the empty text is no session's id.
    return cross_auth.read_session_cookie("; ".join(request.headers.getlist("cookie")), CONFIG) or ""


async def field(request: Request, name: str) -> str:
    async with request.form() as form:  # a second time the request has it still
        if isinstance(value := form.get(name), str):
            return value
    raise HTTPException(400, f"The form has no text called {name}.")


def see_other(path: str, cookie: Cookie | None = None) -> Response:
    response = RedirectResponse(path, 303)
    if cookie is not None:
        response.set_cookie(**cookie.to_dict())
    return response


def signed_in(view: Callable[[Request, SessionData], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    async def view_or_home(request: Request) -> Response:
        session = await aio.touch_session(sent_id(request), request.app.state.storage)
        return await view(request, session) if session else see_other("/")

    return view_or_home


async def page_of(session: SessionData, request: Request, message: str = "", status: int = 200) -> Response:
    unlocked = await request.app.state.storage.get(f"unlocked:{session.handle}") is not None
    return HTMLResponse(pages.home(session, CONFIG, unlocked, message), status)


async def home(request: Request) -> Response:
    session = await aio.touch_session(sent_id(request), request.app.state.storage)
    return await page_of(session, request) if session else HTMLResponse(pages.log_in())


async def log_in(request: Request) -> Response:
    username, password = await field(request, "username"), await field(request, "password")
    if not pages.knows(username, password):
        return HTMLResponse(pages.log_in("Wrong name or password.", username), 401)
    old_id, storage = sent_id(request), request.app.state.storage
    device = pages.device(request.headers.get("user-agent"))
    new_id, _ = await aio.create_session(username, storage, idle_timeout=1800, metadata=device, replaces=old_id)
    return see_other("/", cross_auth.make_session_cookie(new_id, CONFIG))


async def log_out(request: Request) -> Response:
    await aio.delete_session(sent_id(request), request.app.state.storage)
    return see_other("/", cross_auth.make_clear_cookie(CONFIG))


async def unlock(request: Request, session: SessionData) -> Response:
    if not pages.knows(session.user_id, await field(request, "password")):
        return await page_of(session, request, "Wrong password.", 401)
    if (renewed := await aio.renew_session(sent_id(request), request.app.state.storage)) is None:
        return see_other("/")  # another request renewed or ended it meanwhile
    new_id, session = renewed
    with suppress(StorageError):  # the old id has ended: the new cookie goes out, the area stays closed
        await request.app.state.storage.set(f"unlocked:{session.handle}", "yes", ttl=300)
    return see_other("/", cross_auth.make_session_cookie(new_id, CONFIG, expires_at=session.expires_at))


async def devices(request: Request, session: SessionData) -> Response:
    return HTMLResponse(pages.devices(session, await aio.list_sessions(session.user_id, request.app.state.storage)))


async def sign_out(request: Request, session: SessionData) -> Response:
    await aio.revoke_session(session.user_id, await field(request, "handle"), request.app.state.storage)
    return see_other("/devices")


async def sign_out_others(request: Request, session: SessionData) -> Response:
    await aio.revoke_sessions(session.user_id, request.app.state.storage, keep=sent_id(request))
    return see_other("/devices")


async def guard(request: Request, call_next: RequestResponseEndpoint) -> Response:
    if cross_auth.is_cross_origin(request.method, request.headers):
        response: Response = HTMLResponse(pages.message("This form was sent from another site."), 403)
    else:
        response = await call_next(request)
    response.headers["Cache-Control"] = "no-store"
    return response


async def unreachable(request: Request, error: Exception) -> Response:
    logging.getLogger(__name__).error("The storage of the sessions failed.", exc_info=error)
    return HTMLResponse(pages.message("Sessions cannot be reached right now. Please try again."), 503)


routes = [
    Route("/", home),
    Route("/login", log_in, methods=["POST"]),
    Route("/logout", log_out, methods=["POST"]),
    Route("/unlock", signed_in(unlock), methods=["POST"]),
    Route("/devices", signed_in(devices)),
    Route("/devices/sign-out", signed_in(sign_out), methods=["POST"]),
    Route("/devices/sign-out-others", signed_in(sign_out_others), methods=["POST"]),
]


def create_app(storage: AsyncIndexedStorage) -> Starlette:
    # A redirect to the path with a slash less would name the Host that was sent.
    site = Router(routes, redirect_slashes=False, max_body_size=16_384)
    app = Starlette(routes=[Mount("", site)], exception_handlers={StorageError: unreachable})
    app.add_middleware(BaseHTTPMiddleware, dispatch=guard)
    app.state.storage = storage
    return app


async def main() -> None:
    async with await open_async_storage(os.environ.get("STORAGE", "sqlite:///demo.db")) as storage:
        await uvicorn.Server(uvicorn.Config(create_app(storage), port=int(os.environ.get("PORT", "8000")))).serve()


if __name__ == "__main__":
    asyncio.run(main())
