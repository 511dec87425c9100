"""Validation errors that say what is wanted and where, and never show what was passed."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

HIDDEN = "<hidden>"


def refusal(title: str, details: Iterable[InitErrorDetails]) -> ValidationError:
    """Return one error made of all the details."""
    return ValidationError.from_exception_data(title, list(details), hide_input=True)


def details_of(error: ValidationError, *where: str) -> list[InitErrorDetails]:
    """Return what an error found, with its inputs hidden and ``where`` before each of its places.

    Pydantic's own ``hide_input_in_errors`` leaves the input in ``errors()`` and ``json()``.
    """
    return [
        InitErrorDetails(
            type=PydanticCustomError(found["type"], found["msg"], found.get("ctx")),
            loc=(*where, *found["loc"]),
            input=HIDDEN,
        )
        for found in error.errors(include_url=False, include_input=False)
    ]


_LONGEST_TTL = 10**12  # some 31 700 years, which every storage can add to its clock


def check_ttl(ttl: object, *, endless: bool = True) -> None:
    """Raise ``ValueError`` for a time to live that is no number of whole seconds, or over before it begins.

    ``None`` is no end, where there may be none.
    """
    if isinstance(ttl, int) and 0 < ttl <= _LONGEST_TTL and ttl is not True:
        return
    if ttl is not None or not endless:
        raise ValueError(f"ttl should be whole seconds, 1 or more and {_LONGEST_TTL} at most, not {ttl!r:.40}")


def check(function: str, wanted: Mapping[str, Any], **arguments: object) -> None:
    """Raise one error that names every parameter whose argument is not of the wanted type."""
    details = []
    for parameter, value in arguments.items():
        try:
            TypeAdapter(wanted[parameter], config={"strict": True}).validate_python(value)
        except ValidationError as error:
            details += details_of(error, parameter)
    if details:
        raise refusal(function, details)
