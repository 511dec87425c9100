"""What ``make demo`` runs: the site on FastAPI, and a page that shows what its storage holds."""

import asyncio
import logging
import os
import socket
import sys
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from hashlib import sha256

import uvicorn
from fastapi import FastAPI, Request, Response
from starlette.middleware.base import RequestResponseEndpoint
from starlette.middleware.trustedhost import TrustedHostMiddleware

from cross_auth import AsyncIndexedStorage, StorageError
from cross_auth.storage import AsyncClosableStorage, open_async_storage
from examples import fastapi_app, pages, storage_page


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


# Nothing that a page did not bring along runs or loads, whatever else gets into it.
POLICY = (
    f"default-src 'none'; style-src {_hash(pages.STYLE)}; script-src {_hash(storage_page.SCRIPT)}; "
    "img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


async def harden(request: Request, call_next: RequestResponseEndpoint) -> Response:
    response = await call_next(request)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def create_app(opening: AbstractAsyncContextManager[AsyncIndexedStorage]) -> FastAPI:
    """Return the showcase, which opens the storage when it starts and closes it when it ends."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, AsyncIndexedStorage]]:
        async with opening as storage:
            yield {"storage": storage}

    app = FastAPI(lifespan=lifespan, openapi_url=None, redirect_slashes=False)
    app.add_exception_handler(StorageError, fastapi_app.unreachable)
    app.middleware("http")(fastapi_app.guard)
    app.middleware("http")(harden)
    # Else a name that somebody points at 127.0.0.1 would open the page of the storage to another site.
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])
    app.include_router(fastapi_app.router)
    app.include_router(storage_page.router)
    return app


async def reach(url: str) -> AsyncClosableStorage:
    """Open a storage, and make sure that it answers."""
    storage = await open_async_storage(url)
    try:
        await storage.get("session:0")
    except BaseException:
        await storage.close()
        raise
    return storage


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[AsyncClosableStorage]:
    async with await reach(url) as storage:
        yield storage


def from_environment() -> FastAPI:
    """Return the showcase on the storage that ``STORAGE`` names, as ``uvicorn --factory`` calls it in each worker."""
    return create_app(opened(url_from_environment()))


def url_from_environment() -> str:
    return os.environ.get("STORAGE", "sqlite:///demo.db")


async def serve(listening: socket.socket) -> None:
    try:
        storage = await reach(url_from_environment())
    except (ImportError, StorageError, TypeError, ValueError) as error:  # whose words hold no password
        sys.exit(f"The demo cannot start: {' '.join(str(error).split())}")
    print(f"Open http://127.0.0.1:{listening.getsockname()[1]} and log in; Ctrl+C ends the demo.", flush=True)
    await uvicorn.Server(uvicorn.Config(create_app(storage), log_level="warning")).serve([listening])


def main() -> None:
    try:
        port = int(os.environ.get("PORT", "8000"))
        listening = socket.create_server(("127.0.0.1", port))
    except OSError:
        sys.exit(f"Port {port} is taken or reserved; choose another one: PORT={max(port, 8000) + 1} make demo")
    except (OverflowError, ValueError) as error:
        sys.exit(f"The demo cannot start: {error}")
    logging.basicConfig(format="%(message)s")
    logging.getLogger("cross_auth").setLevel(logging.INFO)
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(listening))


if __name__ == "__main__":
    main()
