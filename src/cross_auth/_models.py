"""The data of a session, and how an application configures its cookie."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, Field, GetCoreSchemaHandler, model_validator
from pydantic_core import CoreSchema, PydanticCustomError

from cross_auth._cookie_rules import (
    MAX_AGE_LIMIT,
    SIZE_LIMIT,
    CookieDomain,
    CookieName,
    CookiePath,
    SameSite,
    check_attributes,
)

ID_LENGTH = 43
_METADATA_LIMIT = 4096


class _InUTC:
    """Refuse a datetime that is naive or whose offset is not zero."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return {**handler(source), "tz_constraint": 0}


def _fits(metadata: dict[str, str]) -> dict[str, str]:
    if not metadata:  # as of most sessions
        return metadata
    size = sum(len(name.encode()) + len(text.encode()) for name, text in metadata.items())
    if size > _METADATA_LIMIT:
        raise PydanticCustomError(
            "metadata_size",
            "names and texts should be {limit} bytes of UTF-8 or less together, not {size}",
            {"limit": _METADATA_LIMIT, "size": size},
        )
    return metadata


UserId = Annotated[str, Field(min_length=1, max_length=1024)]
MaxAge = Annotated[int, Field(ge=1, le=MAX_AGE_LIMIT)]
UTCDatetime = Annotated[datetime, _InUTC()]
_Text = Annotated[str, Field(max_length=_METADATA_LIMIT)]  # a limit of its own makes Pydantic refuse lone surrogates
Metadata = Annotated[dict[_Text, _Text], Field(max_length=16), AfterValidator(_fits)]


class Checked(BaseModel, frozen=True):
    """Check copies as new models are checked; Pydantic takes the changed fields of a copy as they are."""

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        return self.model_validate({**dict(self), **(update or {})})


class SessionData(Checked, frozen=True, strict=True):
    """Hold what a storage keeps of one session, which is written once and never changed.

    Times are aware and in UTC.
    ``handle`` is the lower-case hex SHA-256 of the session id: it may be shown and logged, the id may not.
    ``idle_timeout`` is in whole seconds; ``None`` is no limit but ``expires_at``.
    ``metadata`` is what the application shows of the session: 16 texts at most, of 4096 bytes with their names.
    Fields that this release does not know are ignored.
    """

    user_id: UserId
    created_at: UTCDatetime
    expires_at: UTCDatetime
    handle: str | None = None
    idle_timeout: MaxAge | None = None
    metadata: Metadata = Field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.user_id, self.created_at, self.handle))  # a dictionary has no hash


class SessionInfo(Checked, frozen=True, strict=True):
    """Describe a live session to its user: everything but its id.

    Times are aware and in UTC.
    ``last_active_at`` is the last activity that was marked: by ``touch_session`` or a renewal, else ``created_at``.
    """

    handle: str
    created_at: UTCDatetime
    expires_at: UTCDatetime
    last_active_at: UTCDatetime
    metadata: Metadata = Field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.handle, self.created_at, self.last_active_at))


class SessionConfig(Checked, frozen=True, strict=True, extra="forbid"):
    """Configure the session cookie, under the rules of RFC 6265bis.

    ``max_age`` is in whole seconds, 1 to 34 560 000 (400 days, RFC 6265bis 5.5).
    ``persistent=False`` sends no Max-Age, so that the browser drops the cookie when it closes.
    Raises ``pydantic.ValidationError`` for a config whose cookie a browser would ignore.
    """

    # The longest name that leaves room for a session id.
    name: Annotated[CookieName, Field(max_length=SIZE_LIMIT - ID_LENGTH)] = "session_id"
    max_age: MaxAge = 86400
    path: CookiePath = "/"
    domain: CookieDomain | None = None
    secure: bool = True
    httponly: bool = True
    samesite: SameSite = "lax"
    partitioned: bool = False
    persistent: bool = True

    @classmethod
    def host_prefixed(
        cls,
        name: str = "session_id",
        *,
        max_age: int = 86400,
        httponly: bool = True,
        samesite: SameSite = "lax",
        partitioned: bool = False,
        persistent: bool = True,
    ) -> Self:
        """Return a config under a ``__Host-`` name, which no other host can set or overwrite.

        The prefix is put before ``name`` unless it stands there already.
        ``secure``, ``path`` and ``domain`` are what the prefix demands (RFC 6265bis 4.1.3.2).
        """
        prefix = "__Host-"
        config = cls(
            name=name,
            max_age=max_age,
            httponly=httponly,
            samesite=samesite,
            partitioned=partitioned,
            persistent=persistent,
        )
        bare = config.name[len(prefix) :] if config.name.lower().startswith(prefix.lower()) else config.name
        return config.model_copy(update={"name": prefix + bare})

    @model_validator(mode="after")
    def _keep_the_rules(self) -> Self:
        check_attributes(self)
        return self
