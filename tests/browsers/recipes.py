"""The site of the examples on each framework, with what it answered."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from cross_auth.storage.memory import AsyncMemoryStorage, MemoryStorage
from examples import django_app, fastapi_app, flask_app, litestar_app, showcase, starlette_app
from tests.browsers.exchanges import Exchange, recorded_asgi, recorded_wsgi
from tests.serving import serving_asgi, serving_wsgi

ASYNC: dict[str, Callable[[Any], Any]] = {
    "FastAPI": fastapi_app.create_app,
    "Starlette": starlette_app.create_app,
    "Litestar": litestar_app.create_app,
    "showcase": lambda storage: showcase.create_app(nullcontext(storage)),
}
SYNC: dict[str, Callable[[Any], Any]] = {"Flask": flask_app.create_app, "Django": django_app.create_app}
NAMES = [*SYNC, *ASYNC]


def make_storage(name: str) -> Any:
    return MemoryStorage() if name in SYNC else AsyncMemoryStorage()


@dataclass(frozen=True)
class Served:
    """A recipe that runs: where, and what it answered."""

    url: str
    exchanges: list[Exchange] = field(default_factory=list)

    def last(self, path: str) -> Exchange:
        return [each for each in self.exchanges if each.path == path][-1]


@contextmanager
def serving(name: str, storage: Any) -> Iterator[Served]:
    """Serve a recipe over a storage."""
    exchanges: list[Exchange] = []
    if name in SYNC:
        served = serving_wsgi(recorded_wsgi(SYNC[name](storage), exchanges))
    else:
        served = serving_asgi(recorded_asgi(ASYNC[name](storage), exchanges))
    with served as url:
        yield Served(url, exchanges)
