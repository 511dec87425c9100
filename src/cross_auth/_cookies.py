"""The session cookie: made, cleared and read back."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, Field, InstanceOf, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from cross_auth._arguments import is_session_id
from cross_auth._cookie_rules import (
    MAX_AGE_LIMIT,
    SIZE_LIMIT,
    CookieDomain,
    CookieName,
    CookiePath,
    CookieValue,
    NonEmptyCookieValue,
    SameSite,
    check_attributes,
)
from cross_auth._models import Checked, SessionConfig
from cross_auth._refusals import HIDDEN, check, details_of, refusal

_log = logging.getLogger("cross_auth")
_DEFAULTS = SessionConfig()
_ATTRIBUTES = {"name", "path", "domain", "secure", "httponly", "samesite", "partitioned"}
_WANTED: dict[str, Any] = {
    "session_id": NonEmptyCookieValue,
    "config": InstanceOf[SessionConfig] | None,
    "expires_at": AwareDatetime | None,
    "header": str | None,
}


class Cookie(Checked, frozen=True, strict=True, extra="forbid", hide_input_in_errors=True):
    """Hold one cookie that browsers accept: every rule of RFC 6265bis is checked when it is built.

    ``max_age`` is in whole seconds, 0 to 34 560 000, or ``None`` for a cookie that ends with the browser.
    The value is left out of the repr and of every error.
    Raises ``pydantic.ValidationError`` for a cookie that a browser would ignore or misread.
    """

    name: CookieName
    value: Annotated[CookieValue, Field(repr=False)]
    max_age: Annotated[int, Field(ge=0, le=MAX_AGE_LIMIT)] | None = None
    path: CookiePath = "/"
    domain: CookieDomain | None = None
    secure: bool = True
    httponly: bool = True
    samesite: SameSite = "lax"
    partitioned: bool = False

    def to_header(self) -> str:
        """Return the value of a ``Set-Cookie`` header."""
        self.model_validate(dict(self))  # model_construct() and the like build a cookie unchecked
        parts = [f"{self.name}={self.value}"]
        if self.max_age is not None:
            parts.append(f"Max-Age={self.max_age}")
        if self.domain is not None:
            parts.append(f"Domain={self.domain}")
        parts.append(f"Path={self.path}")
        parts += ["Secure"] * self.secure + ["HttpOnly"] * self.httponly
        parts.append(f"SameSite={self.samesite.capitalize()}")
        parts += ["Partitioned"] * self.partitioned
        return "; ".join(parts)

    def to_dict(self) -> dict[str, Any]:
        """Return keyword arguments for ``set_cookie`` of Starlette, FastAPI, Flask, Quart and Django.

        ``partitioned`` is there only when it is true:
        Django refuses it, and so does Starlette before Python 3.14; use ``to_header()`` there,
        and for a path with characters that a URL would percent-encode, which Flask and Quart encode.
        """
        self.model_validate(dict(self))
        arguments = self.model_dump(exclude={"name"} if self.partitioned else {"name", "partitioned"})
        return {"key": self.name, **arguments}

    def __setattr__(self, name: str, value: object) -> None:
        frozen = PydanticCustomError("frozen_instance", "Instance is frozen")
        raise refusal("Cookie", [InitErrorDetails(type=frozen, loc=(name,), input=HIDDEN)])

    @model_validator(mode="after")
    def _keep_the_rules(self) -> Self:
        check_attributes(self)
        size = len(self.name) + len(self.value)
        if size > SIZE_LIMIT:
            raise PydanticCustomError(
                "cookie_size",
                "name and value should be {limit} octets or less together, not {size} (RFC 6265bis 5.7 step 4)",
                {"limit": SIZE_LIMIT, "size": size},
            )
        return self

    @model_validator(mode="wrap")
    @classmethod
    def _hide_the_value(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(data)
        except ValidationError as error:
            details = details_of(error)
        raise refusal(cls.__name__, details)  # outside the except block: no context that holds the value


def make_session_cookie(
    session_id: str, config: SessionConfig | None = None, *, expires_at: datetime | None = None
) -> Cookie:
    """Return the cookie that carries a session id to the browser, with secure defaults.

    Any non-empty value of cookie octets is taken, not only an id of this library.
    ``expires_at``, an aware datetime, caps Max-Age at the whole seconds that are left until then.
    Raises ``pydantic.ValidationError`` that names the parameter; the id is not shown in it.
    """
    if not (type(session_id) is str and session_id and _is_config(config) and _is_aware(expires_at)):
        check("make_session_cookie", _WANTED, session_id=session_id, config=config, expires_at=expires_at)
    config = config or _DEFAULTS
    try:
        return _cookie(config, session_id, _max_age(config, expires_at) if config.persistent else None)
    except ValidationError as error:
        details = [InitErrorDetails(**{**found, "loc": ("session_id",)}) for found in details_of(error)]
    raise refusal("make_session_cookie", details)


def make_clear_cookie(config: SessionConfig | None = None) -> Cookie:
    """Return the cookie that makes the browser drop the session cookie: empty value, ``max_age=0``.

    It differs from the session cookie in value and Max-Age alone, so a browser always matches it (RFC 6265bis 5.7).
    Raises ``pydantic.ValidationError`` that names the parameter.
    """
    if not _is_config(config):
        check("make_clear_cookie", _WANTED, config=config)
    return _cookie(config or _DEFAULTS, "", 0)


def _max_age(config: SessionConfig, expires_at: datetime | None) -> int:
    if expires_at is None:
        return config.max_age
    return min(config.max_age, max(0, (expires_at - datetime.now(UTC)) // timedelta(seconds=1)))


def _is_aware(value: object) -> bool:
    return value is None or (isinstance(value, datetime) and value.utcoffset() is not None)


def _is_config(value: object) -> bool:
    return value is None or isinstance(value, SessionConfig)


def _cookie(config: SessionConfig, value: str, max_age: int | None) -> Cookie:
    return Cookie(value=value, max_age=max_age, **config.model_dump(include=_ATTRIBUTES))


def read_session_cookie(header: str | None, config: SessionConfig | None = None) -> str | None:
    """Return the session id in a request's ``Cookie`` header, or ``None`` where there is none.

    The name is matched exactly and only space and tab are stripped; a quoted value is not an id.
    Where the name comes twice with different values the answer is ``None`` and a warning is logged:
    another host of the same site may have set the second one.
    Raises ``pydantic.ValidationError`` that names the parameter; the header is not shown in it.
    """
    if not ((header is None or type(header) is str) and _is_config(config)):
        check("read_session_cookie", _WANTED, header=header, config=config)
    wanted = (config or _DEFAULTS).name
    pairs = (pair.partition("=") for pair in (header or "").split(";"))
    values = {value.strip(" \t") for name, _, value in pairs if name.strip(" \t") == wanted}
    if len(values) > 1:
        _log.warning("the request carries the cookie %s with different values: none is taken", wanted)
        return None
    return next(filter(is_session_id, values), None)
