"""The spec and the code that it describes."""

from collections.abc import Iterator
from types import ModuleType

import pytest

from spec.__main__ import load, modules
from spec.examples import examples
from spec.model import Page


@pytest.fixture(scope="session")
def spec() -> list[Page]:
    return load()


@pytest.fixture(scope="session")
def code() -> dict[str, ModuleType]:
    return modules()


@pytest.fixture(scope="module")  # and no longer: the clock among them would stand still for other tests
def names() -> Iterator[dict[str, object]]:
    with examples() as found:
        yield found
