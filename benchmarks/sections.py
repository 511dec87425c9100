"""The sections of the benchmarks, in the order of the page, and the Python that each is run on."""

from importlib import import_module
from typing import Any, Literal

Python = Literal["newest", "oldest", "own"]

SECTIONS: dict[str, Python] = {
    "against_the_floor": "newest",
    "on_the_oldest": "oldest",
    "peers_speed": "own",
    "lines_of_a_get": "newest",
    "parts_of_a_write": "newest",
    "sessions_of_a_user": "newest",
    "threads": "newest",
    "tasks": "newest",
    "growth": "own",
    "sizes": "own",
    "rates": "own",
    "slots": "own",
    "load": "own",
    "drain": "own",
    "imports": "newest",
}


def section(name: str) -> Any:
    """Return the module: it has ``run`` and ``render``, and perhaps ``plots`` and ``targets``."""
    return import_module(f"benchmarks.{name}")
