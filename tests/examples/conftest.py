"""The sites of the recipes, each served once and fresh for every test."""

from collections.abc import Iterator

import pytest
from django.test.utils import override_settings

from examples import django_app
from tests.examples.sites import ASGI, WSGI, Site, serving


@pytest.fixture(scope="session", params=sorted(ASGI | WSGI))
def served(request: pytest.FixtureRequest) -> Iterator[Site]:
    # Other tests may have configured Django before the recipe was imported.
    with override_settings(**django_app.SETTINGS), serving(request.param) as site:
        yield site


@pytest.fixture
def recipe(served: Site) -> Site:
    served.reset()
    return served
