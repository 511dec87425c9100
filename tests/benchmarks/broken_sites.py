"""Sites that err in ways that the clients of the load run must see, made of one that does not."""

from collections.abc import Awaitable, Callable
from typing import Any

Site = Callable[[Any, Any, Any], Awaitable[None]]


def cookie_of(scope: Any) -> bytes:
    found: bytes = dict(scope.get("headers", ())).get(b"cookie", b"")
    return found


def with_cookie(scope: Any, cookie: bytes) -> Any:
    others = [(name, value) for name, value in scope["headers"] if name != b"cookie"]
    return {**scope, "headers": [*others, (b"cookie", cookie)]}


def asks_for_a_page(scope: Any) -> bool:
    return bool(scope["type"] == "http" and scope["method"] == "GET" and scope["path"] == "/" and cookie_of(scope))


def telling_somebody_elses(site: Site) -> Site:
    """Serve every fifth page as if it had been asked for with the cookie of the one before."""
    seen = [b""]

    async def broken(scope: Any, receive: Any, send: Any) -> None:
        if asks_for_a_page(scope):
            seen.append(cookie_of(scope))
            if len(seen) % 5 == 0:
                scope = with_cookie(scope, seen[-2])
        await site(scope, receive, send)

    return broken


def letting_in_the_signed_out(site: Site) -> Site:
    """Serve a page that a cookie was once answered to whoever sends it again."""
    kept: dict[bytes, list[Any]] = {}

    async def broken(scope: Any, receive: Any, send: Any) -> None:
        cookie = cookie_of(scope)

        async def keep(message: Any) -> None:
            sent.append(message)
            await send(message)

        if not asks_for_a_page(scope):
            return await site(scope, receive, send)
        if cookie in kept:
            for message in kept[cookie]:
                await send(message)
            return None
        sent: list[Any] = []
        await site(scope, receive, keep)
        if b"Hello" in b"".join(message.get("body", b"") for message in sent):
            kept[cookie] = sent
        return None

    return broken


def forgetting_somebody(site: Site) -> Site:
    """Serve every twentieth page as if no cookie had come."""
    served = iter(range(10**9))

    async def broken(scope: Any, receive: Any, send: Any) -> None:
        is_forgotten = asks_for_a_page(scope) and next(served) % 20 == 19
        await site(with_cookie(scope, b"") if is_forgotten else scope, receive, send)

    return broken


def listing_nothing(site: Site) -> Site:
    """Serve the list of a user's sessions without any of them."""

    async def broken(scope: Any, receive: Any, send: Any) -> None:
        async def send_without(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [each for each in message["headers"] if each[0] != b"content-length"]
            if message["type"] == "http.response.body":
                message = {**message, "body": message.get("body", b"").replace(b"<code>", b"<b>")}
            await send(message)

        await site(scope, receive, send_without if scope.get("path") == "/devices" else send)

    return broken


def failing_now_and_then(site: Site) -> Site:
    """Answer every twentieth page with an error."""
    served = iter(range(10**9))

    async def broken(scope: Any, receive: Any, send: Any) -> None:
        if asks_for_a_page(scope) and next(served) % 20 == 19:
            await send({"type": "http.response.start", "status": 503, "headers": [(b"content-length", b"0")]})
            await send({"type": "http.response.body", "body": b""})
        else:
            await site(scope, receive, send)

    return broken
