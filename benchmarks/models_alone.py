"""Pydantic and models like those of the library, built with nothing else of it: the floor of its import."""

import sys
from importlib.util import find_spec
from types import ModuleType

# A package of the library's name whose own file is not run: it would import the whole library.
if "cross_auth" not in sys.modules:
    _found = find_spec("cross_auth")
    _package = ModuleType("cross_auth")
    _package.__path__ = list((_found and _found.submodule_search_locations) or [])
    sys.modules["cross_auth"] = _package

from pydantic import AwareDatetime, BaseModel, TypeAdapter

from cross_auth._cookie_rules import CookieDomain, CookieName, CookiePath, CookieValue, SameSite
from cross_auth._models import Checked, SessionData


class Cookie(Checked, frozen=True, strict=True, extra="forbid"):
    name: CookieName
    value: CookieValue
    max_age: int | None = None
    path: CookiePath = "/"
    domain: CookieDomain | None = None
    secure: bool = True
    httponly: bool = True
    samesite: SameSite = "lax"
    partitioned: bool = False


class Activity(BaseModel, frozen=True, strict=True):
    handle: str
    at: AwareDatetime


ADAPTERS = TypeAdapter(SessionData), TypeAdapter(Activity)
