"""Where a request comes from, as its browser tells."""

import re
from collections.abc import Callable, Collection
from typing import Annotated, Any

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from cross_auth._protocols import RequestHeaders
from cross_auth._refusals import check

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})  # RFC 9110 9.2.1; TRACE is no browser's
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
# As a browser writes it: in lower case, with no default port (RFC 6454 6.2). App shells have schemes of their own.
_fullmatch_origin: Callable[[str], object] = re.compile(
    r"(?!http://.*:80\Z|https://.*:443\Z)[a-z][0-9a-z+.-]*://([0-9a-z_.-]+|\[[0-9a-f:.]+\])(:[1-9][0-9]{0,4})?"
).fullmatch


def is_cross_origin(method: str, headers: RequestHeaders, *, trusted_origins: Collection[str] = ()) -> bool:
    """Tell whether a browser made a request, which may change something, for another origin.

    Refuse such a request with 403, the log-in form's as well: another site can have a signed-in user's browser make it.
    ``GET``, ``HEAD`` and ``OPTIONS`` are never refused, so they must change nothing.
    ``Sec-Fetch-Site`` decides where there is one (Fetch Metadata 2.4), else ``Origin`` (RFC 6454 7.3) against ``Host``;
    a request with neither is no browser's form.
    Without ``Host`` the answer is ``True``.
    Raises ``pydantic.ValidationError`` that names the parameter.
    """
    if not (type(method) is str and _has_get(headers) and _are_origins(trusted_origins)):
        check("is_cross_origin", _WANTED, method=method, headers=headers, trusted_origins=trusted_origins)
    if method in _SAFE:
        return False
    host, origin, fetch_site = headers.get("host"), headers.get("origin"), headers.get("sec-fetch-site")
    if not host:
        return True
    if origin is not None and origin in trusted_origins:
        return False
    if fetch_site is not None:
        return fetch_site not in ("same-origin", "none")
    return origin is not None and not _is_at(origin, host)


def _is_at(origin: str, host: str) -> bool:
    scheme, _, rest = origin.lower().partition("://")
    port = _DEFAULT_PORTS.get(scheme)
    return port is not None and rest.removesuffix(port) == host.lower().removesuffix(port)


def _has_get(headers: object) -> bool:
    return callable(getattr(headers, "get", None))


def _are_origins(value: object) -> bool:
    return (
        isinstance(value, Collection)
        and not isinstance(value, str | bytes)
        and all(type(each) is str and _fullmatch_origin(each) for each in value)
    )


def _headers(value: object) -> object:
    if not _has_get(value):
        raise PydanticCustomError("headers", "Input should have the method get of request headers")
    return value


def _origins(value: object) -> object:
    if not _are_origins(value):
        raise PydanticCustomError(
            "origins", "Input should be a collection of origins as browsers send them, such as https://example.com"
        )
    return value


_WANTED: dict[str, Any] = {
    "method": str,
    "headers": Annotated[Any, AfterValidator(_headers)],
    "trusted_origins": Annotated[Any, AfterValidator(_origins)],
}
