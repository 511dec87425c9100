"""The showcase as the load run asks it: with a user for each of many clients, and a header that tells the worker."""

import os
from typing import Any

from examples import pages, showcase

PASSWORD = "of-a-client"
USERS = {f"client-{number:05}": PASSWORD for number in range(10_000)}
HEADER = b"x-worker"


def from_environment() -> Any:
    """Return the site on the storage that ``STORAGE`` names, as ``uvicorn --factory`` calls it in each worker."""
    add_users()
    return telling_the_worker(showcase.from_environment())


def add_users() -> None:
    """Let the clients in; the form goes on to show the users of the demo alone."""
    pages.templates.globals["users"] = {name: pages.USERS[name] for name in ("alice", "bob")}
    pages.USERS.update(USERS)


def telling_the_worker(app: Any) -> Any:
    worker = HEADER, str(os.getpid()).encode()

    async def site(scope: Any, receive: Any, send: Any) -> None:
        async def send_with_worker(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], worker]
            await send(message)

        await app(scope, receive, send_with_worker)

    return site
