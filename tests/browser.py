"""The cookie store of a browser that keeps to RFC 6265bis, as far as one host and one path need it."""

from dataclasses import dataclass, field

_KNOWN = {"max-age", "path", "domain", "secure", "httponly", "samesite", "partitioned"}


@dataclass
class Browser:
    """Receive ``Set-Cookie`` headers from one secure URL and hold what section 5.7 stores."""

    host: str
    path: str = "/"
    cookies: dict[tuple[str, str, bool, str, bool], str] = field(default_factory=dict)

    def receive(self, header: str) -> None:
        """Parse a header (5.6), then store, replace, remove or ignore its cookie (5.7)."""
        pair, *rest = header.split(";")
        name, _, value = (part.strip(" \t") for part in pair.partition("="))
        found = {}
        for text in rest:
            attribute, _, argument = (part.strip(" \t") for part in text.partition("="))
            if attribute.lower() in _KNOWN and len(argument) <= 1024:
                found[attribute.lower()] = argument
        if len(name) + len(value) <= 4096 and self._accepts(name, found):
            self._store(name, value, found)

    def _accepts(self, name: str, found: dict[str, str]) -> bool:
        domain = found.get("domain", "").lower().removeprefix(".")
        secure, prefix = "secure" in found, name.lower()
        return (
            (not domain or self.host == domain or self.host.endswith(f".{domain}"))
            and (secure or found.get("samesite", "").lower() != "none")
            and (secure or "partitioned" not in found)
            and (secure or not prefix.startswith(("__secure-", "__host-", "__http-")))
            and not (prefix.startswith("__host-") and (domain or found.get("path") != "/"))
            and ("httponly" in found or not prefix.startswith(("__http-", "__host-http-")))
        )

    def _store(self, name: str, value: str, found: dict[str, str]) -> None:
        domain = found.get("domain", "").lower().removeprefix(".")
        path = found["path"] if found.get("path", "").startswith("/") else self.path
        key = (name, domain or self.host, not domain, path, "partitioned" in found)
        if found.get("max-age", "1").lstrip("-").isdigit() and int(found.get("max-age", "1")) <= 0:
            self.cookies.pop(key, None)
        else:
            self.cookies[key] = value
