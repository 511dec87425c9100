"""What a ``SQLiteStorage`` asks of its arguments."""

import os
from typing import Annotated, Any, Literal, cast

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError


def _file(path: object) -> object:
    if not _is_of_a_file(path):
        raise PydanticCustomError(
            "path", "Input should be the path of a file; for sessions in memory use MemoryStorage"
        )
    return path


def _is_of_a_file(path: object) -> bool:
    name: object = os.fspath(cast("os.PathLike[str]", path)) if isinstance(path, os.PathLike) else path
    return isinstance(name, str) and name not in ("", ":memory:") and "\0" not in name and _encodable(name)


def _encodable(name: str) -> bool:
    try:
        return bool(os.fsencode(name))
    except UnicodeEncodeError:
        return False


WANTED: dict[str, Any] = {
    "path": Annotated[Any, AfterValidator(_file)],
    "synchronous": Literal["FULL", "NORMAL"],
    "timeout": Annotated[float, Field(ge=0, le=86400)],
    "limit": Annotated[int, Field(ge=1, le=100_000)],
}
