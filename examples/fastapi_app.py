"""A log-in page on sessions that live in SQLite: run it and open the address that it prints."""

import logging
import os
import secrets
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager, asynccontextmanager, suppress
from html import escape
from pathlib import Path
from string import Formatter
from typing import Annotated

import uvicorn
from fastapi import APIRouter, Depends, FastAPI, Form, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse

from cross_auth import (
    SecondaryStorage,
    SessionConfig,
    SessionData,
    StorageError,
    create_session,
    delete_session,
    get_session,
    make_clear_cookie,
    make_session_cookie,
    read_session_cookie,
)
from cross_auth.storage.sqlite import SQLiteStorage

# This is a demo: a real site stores password hashes, and shows nobody's.
USERS = {"alice": "looking-glass", "bob": "can-we-fix-it"}
# Safari drops Secure cookies over plain HTTP, even on localhost; a site over HTTPS keeps the default.
CONFIG = SessionConfig(secure=False)
TEMPLATES = {file.stem: file.read_text("utf-8") for file in Path(__file__).parent.glob("templates/*.html")}
router = APIRouter()


def current_id(request: Request) -> str | None:
    header = "; ".join(request.headers.getlist("cookie"))  # over HTTP/2 there may be several
    return read_session_cookie(header, CONFIG)


def current_session(request: Request) -> SessionData | None:
    """Return the live session that the request carries, or ``None`` for a visitor."""
    session_id = current_id(request)
    return get_session(session_id, request.state.storage) if session_id else None


@router.get("/")
@router.get("/login")  # where the form stays after a wrong password
def home(session: Annotated[SessionData | None, Depends(current_session)]) -> Response:
    """Show the session, or the form that starts one."""
    if session is None:
        return log_in_page()
    # The page needs the attributes of the cookie and must never see the id.
    return page("session", session=session, cookie=make_session_cookie("stand-in", CONFIG))


@router.post("/login")
def log_in(request: Request, username: Annotated[str, Form()], password: Annotated[str, Form()]) -> Response:
    """Start a new session and end the one that the request carried: an id from outside is never adopted."""
    wanted = USERS.get(username, secrets.token_hex())
    if not secrets.compare_digest(password.encode(), wanted.encode()):
        return log_in_page(401, "Wrong name or password.", username)
    session_id, _ = create_session(username, request.state.storage, CONFIG.max_age)
    if old_id := current_id(request):
        delete_session(old_id, request.state.storage)
    return RedirectResponse("/", 303, {"Set-Cookie": make_session_cookie(session_id, CONFIG).to_header()})


@router.post("/logout")
def log_out(request: Request) -> Response:
    """End the session and have the browser drop its cookie."""
    if session_id := current_id(request):
        delete_session(session_id, request.state.storage)
    return RedirectResponse("/", 303, {"Set-Cookie": make_clear_cookie(CONFIG).to_header()})


class Escaping(Formatter):
    """Fill in a template, with every field escaped."""

    def format_field(self, value: object, format_spec: str) -> str:
        if value is None or isinstance(value, bool):  # of a cookie: attributes that are there or not
            value = "sent" if value else "not sent"
        return escape(format(value, format_spec))


def page(name: str, status: int = 200, **fields: object) -> Response:
    return HTMLResponse(TEMPLATES["head"] + Escaping().format(TEMPLATES[name], **fields), status)


def log_in_page(status: int = 200, message: str = "", username: str = "") -> Response:
    users = "\n".join(f"{name:8}{password}" for name, password in USERS.items())
    return page("log_in", status, message=message, username=username, users=users)


def incomplete(request: Request, error: Exception) -> Response:
    return log_in_page(422, "Fill in both the name and the password.")


def unreachable(request: Request, error: Exception) -> Response:
    """Say so and keep the cookie: an outage must not look like a log-out."""
    return page("message", 503, message="Sessions cannot be reached right now. Please try again in a moment.")


def is_foreign(request: Request) -> bool:
    """Tell whether the browser says that another site made the request."""
    headers = request.headers
    own_origin = f"{request.url.scheme}://{headers.get('host')}"
    return headers.get("origin", own_origin) != own_origin or headers.get("sec-fetch-site") == "cross-site"


async def guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Refuse forms that come from another site or are huge, and keep every answer out of caches."""
    if request.method == "POST" and is_foreign(request):
        response = page("message", 403, message="This form was sent from another site.")
    elif len(request.headers.get("content-length", "")) > 4 or "transfer-encoding" in request.headers:
        response = page("message", 413, message="This form is too large.")
    else:
        response = await call_next(request)
    response.headers["Cache-Control"] = "no-store"
    return response


def create_app(storage: AbstractContextManager[SecondaryStorage]) -> FastAPI:
    """Return the site, which closes the storage when it shuts down."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, SecondaryStorage]]:
        with storage as opened:
            yield {"storage": opened}

    app = FastAPI(lifespan=lifespan, openapi_url=None, redirect_slashes=False)
    app.include_router(router)
    app.middleware("http")(guard)
    app.exception_handler(RequestValidationError)(incomplete)
    app.exception_handler(StorageError)(unreachable)
    return app


def main() -> None:
    try:
        port = int(os.environ.get("PORT", "8000"))
        listening = socket.create_server(("127.0.0.1", port))
        storage = SQLiteStorage(os.environ.get("DATABASE", "demo.db"))
    except OSError:
        sys.exit(f"Port {port} is taken or reserved; choose another one: PORT={max(port, 8000) + 1} make demo")
    except (OverflowError, StorageError, ValueError) as error:
        sys.exit(f"The demo cannot start: {error}")
    logging.basicConfig(format="%(message)s", level=logging.INFO)
    print(f"Open http://127.0.0.1:{listening.getsockname()[1]} and log in; Ctrl+C ends the demo.", flush=True)
    with suppress(KeyboardInterrupt):
        uvicorn.Server(uvicorn.Config(create_app(storage), log_level="warning")).run([listening])


if __name__ == "__main__":
    main()
