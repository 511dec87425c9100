"""The rules of RFC 6265bis for one cookie, as Pydantic types and one check across fields."""

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Protocol

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, core_schema

from cross_auth._refusals import refusal

MAX_AGE_LIMIT = 34_560_000  # 400 days, the longest that a browser keeps a cookie: RFC 6265bis 5.5
SIZE_LIMIT = 4096  # octets of name and value together: RFC 6265bis 5.7 step 4


@dataclass(frozen=True)
class Matching:
    """Hold a string to a pattern, and say what is wanted in words where it does not match."""

    pattern: str
    wanted: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "pattern": f"^{self.pattern}$"}

    def _check(self, text: str) -> str:
        if re.fullmatch(self.pattern, text) is None:
            raise PydanticCustomError("cookie_rule", "Input should be {wanted}", {"wanted": self.wanted})
        return text


CookieName = Annotated[
    str,
    Matching(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+", "a token: letters, digits and !#$%&'*+-.^_`|~ (RFC 6265bis 4.1.1)"),
]
_OCTETS = r"[\x21\x23-\x2B\x2D-\x3A\x3C-\x5B\x5D-\x7E]"
_OCTETS_IN_WORDS = (
    "cookie octets: printable ASCII without space, comma, semicolon, double quote and backslash (RFC 6265bis 4.1.1)"
)
CookieValue = Annotated[str, Matching(f"{_OCTETS}*", _OCTETS_IN_WORDS)]
NonEmptyCookieValue = Annotated[str, Matching(f"{_OCTETS}+", f"one or more {_OCTETS_IN_WORDS}")]
CookiePath = Annotated[
    str,
    Field(max_length=1024),
    Matching(
        r"/([\x20-\x3A\x3C-\x7E]*[\x21-\x3A\x3C-\x7E])?",
        "a path that starts with / and holds printable ASCII without a semicolon or a space at its end"
        " (RFC 6265bis 5.6.4)",
    ),
]
CookieDomain = Annotated[
    str,
    Field(max_length=1024),
    Matching(
        r"\.?[0-9A-Za-z_-]+(\.[0-9A-Za-z_-]+)*",
        "a host name alone, such as example.com: no scheme, port or path (RFC 6265bis 5.6.3)",
    ),
]
SameSite = Literal["lax", "strict", "none"]


class Attributes(Protocol):
    """What the rules across fields read of a cookie or of its configuration."""

    @property
    def name(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def domain(self) -> str | None: ...
    @property
    def secure(self) -> bool: ...
    @property
    def httponly(self) -> bool: ...
    @property
    def samesite(self) -> SameSite: ...
    @property
    def partitioned(self) -> bool: ...


def check_attributes(cookie: Attributes) -> None:
    """Raise where a browser would ignore the cookie for a rule that spans its fields.

    Prefixes are matched in any letter case, as browsers match them (RFC 6265bis 5.7 steps 20 and 21).
    """
    name = cookie.name.lower()
    if cookie.samesite == "none" and not cookie.secure:
        _refuse(cookie, "samesite", "samesite='none' needs secure=True (RFC 6265bis 5.7 step 19)")
    if cookie.partitioned and not cookie.secure:
        _refuse(cookie, "partitioned", "partitioned=True needs secure=True (CHIPS)")
    if name.startswith(("__secure-", "__host-", "__http-")) and not cookie.secure:
        _refuse(cookie, "name", "the prefixes __Secure-, __Host- and __Http- need secure=True (RFC 6265bis 4.1.3)")
    if name.startswith("__host-") and (cookie.path != "/" or cookie.domain is not None):
        _refuse(cookie, "name", "the prefix __Host- needs path='/' and domain=None (RFC 6265bis 4.1.3.2)")
    if name.startswith(("__http-", "__host-http-")) and not cookie.httponly:
        _refuse(cookie, "name", "the prefixes __Http- and __Host-Http- need httponly=True (layered cookies draft)")


def _refuse(cookie: Attributes, field: str, rule: str) -> None:
    error = PydanticCustomError("cookie_rule", "{rule}", {"rule": rule})
    raise refusal("cookie", [InitErrorDetails(type=error, loc=(field,), input=getattr(cookie, field))])
