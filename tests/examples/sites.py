"""The site of each recipe, served over real HTTP, over a storage that tests look into and can break."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from django.core.asgi import get_asgi_application

from cross_auth import list_sessions
from cross_auth.aio import in_thread
from cross_auth.storage.memory import MemoryStorage
from examples import django_app, fastapi_app, flask_app, litestar_app, starlette_app
from tests.serving import serving_asgi, serving_wsgi
from tests.watched import Watched

ALICE = {"username": "alice", "password": "looking-glass"}
BOB = {"username": "bob", "password": "can-we-fix-it"}
WSGI: dict[str, Callable[[Any], Any]] = {"Flask": flask_app.create_app, "Django-WSGI": django_app.create_app}
ASGI: dict[str, Callable[[Any], Any]] = {
    "Django-ASGI": lambda storage: django_app.create_app(storage, get_asgi_application),
    "FastAPI": lambda storage: fastapi_app.create_app(in_thread(storage)),
    "Litestar": lambda storage: litestar_app.create_app(in_thread(storage)),
    "Starlette": lambda storage: starlette_app.create_app(in_thread(storage)),
}


class Device(httpx.Client):
    """A client with a cookie jar, which keeps every answer to what all answers of the site promise."""

    def __init__(self, url: str, user_agent: str = "curl/8.5.0") -> None:
        hooks = {"response": [self.look_at]}
        # Without verify each client would read the certificates of the machine, and none of them needs any.
        super().__init__(
            base_url=url,
            headers={"User-Agent": user_agent},
            event_hooks=hooks,
            trust_env=False,
            verify=False,
            timeout=30,
        )

    @property
    def session_id(self) -> str:
        return self.cookies["session_id"]

    def look_at(self, response: httpx.Response) -> None:
        """See that nothing is cached, that no redirect leaves the site and that no page holds the id."""
        assert "no-store" == response.headers["Cache-Control"]
        assert response.headers.get("Location") in {None, "/", "/devices"}
        held = {self.cookies.get("session_id"), response.cookies.get("session_id")} - {None, "", '""'}
        assert not [each for each in held if str(each) in response.read().decode()]


class Site:
    """A recipe that is served, and its storage."""

    def __init__(self, url: str, storage: Watched) -> None:
        self.url = url
        self.storage = storage

    def reset(self) -> None:
        """Forget what the test before has stored and arranged."""
        self.storage.storage = MemoryStorage()
        self.storage.before, self.storage.failing, self.storage.calls = {}, {}, []

    @contextmanager
    def device(self, user: dict[str, str] | None = None, user_agent: str = "curl/8.5.0") -> Iterator[Device]:
        """Yield a new device, where the user is logged in."""
        with Device(self.url, user_agent) as device:
            if user is not None:
                assert 303 == device.post("/login", data=user).status_code
            yield device

    def shown_to(self, session_id: str) -> str:
        """Return the page of who has this cookie and nothing else."""
        with Device(self.url) as other:
            return other.get("/", headers={"Cookie": f"session_id={session_id}"}).text

    def handles_of(self, user_id: str) -> list[str]:
        storage: Any = self.storage.storage
        return [info.handle for info in list_sessions(user_id, storage)]


@contextmanager
def serving(name: str) -> Iterator[Site]:
    """Serve a recipe on a free port."""
    storage = Watched(MemoryStorage())
    with serving_wsgi(WSGI[name](storage)) if name in WSGI else serving_asgi(ASGI[name](storage)) as url:
        yield Site(url, storage)
