"""A cookie as somebody asks for it, whether or not a rule allows it, and what keeping it as it was asked means."""

from dataclasses import dataclass, replace
from typing import Literal

from pydantic import ValidationError

from cross_auth import Cookie
from tests.browsers.jar import Stored


@dataclass(frozen=True)
class Asked:
    """The fields of a cookie, unchecked."""

    name: str = "name"
    value: str = "value"
    max_age: int | None = 60
    path: str = "/"
    domain: str | None = None
    secure: bool = True
    httponly: bool = True
    samesite: Literal["lax", "strict", "none"] = "lax"
    partitioned: bool = False

    def is_allowed(self) -> bool:
        """Tell whether ``Cookie`` takes the fields."""
        try:
            return bool(Cookie(**vars(self)))
        except ValidationError:
            return False

    def is_for(self, host: str) -> bool:
        """Tell whether the cookie of a host is for that host or for one above it."""
        domain = (self.domain or host).removeprefix(".").lower()
        return host == domain or host.endswith(f".{domain}")

    def header(self) -> bytes:
        """Write a ``Set-Cookie`` header in the order of ``Cookie.to_header``, whatever the fields hold."""
        parts = [f"{self.name}={self.value}"]
        parts += [] if self.max_age is None else [f"Max-Age={self.max_age}"]
        parts += [] if self.domain is None else [f"Domain={self.domain}"]
        parts += [f"Path={self.path}"] + ["Secure"] * self.secure + ["HttpOnly"] * self.httponly
        parts += [f"SameSite={self.samesite.capitalize()}"] + ["Partitioned"] * self.partitioned
        return "; ".join(parts).encode("utf-8", "surrogatepass")

    def kept(self, host: str, site: str, now: float) -> Stored:
        """Return what a browser holds that keeps the cookie of a host as it was asked for."""
        return Stored(
            name=self.name,
            value=self.value,
            domain=host if self.domain is None else f".{self.domain.removeprefix('.').lower()}",
            path=self.path,
            secure=self.secure,
            httponly=self.httponly,
            samesite=self.samesite.capitalize(),
            partition=site if self.partitioned else None,
            expires=None if self.max_age is None else now + self.max_age,
        )


def unexpired(asked: Asked) -> Asked:
    """Return the cookie that one with a Max-Age of zero or less is to remove."""
    return replace(asked, value="before", max_age=60)
