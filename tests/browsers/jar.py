"""What a browser's context keeps of cookies, read through the DevTools protocol."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import BrowserContext, Page


@dataclass(frozen=True)
class Stored:
    """One cookie as Chromium keeps it; ``domain`` begins with a dot unless the cookie is for one host alone."""

    name: str
    value: str
    domain: str
    path: str
    secure: bool
    httponly: bool
    samesite: str | None
    partition: str | None
    expires: float | None


class Jar:
    """The cookies of one context."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        assert context.browser
        self._protocol = context.browser.new_browser_cdp_session()
        target = context.new_cdp_session(page).send("Target.getTargetInfo")["targetInfo"]
        self._context = {"browserContextId": target["browserContextId"]}

    def cookies(self) -> list[Stored]:
        return [_stored(each) for each in self._protocol.send("Storage.getCookies", self._context)["cookies"]]

    def clear(self) -> None:
        self._protocol.send("Storage.clearCookies", self._context)


def _stored(found: dict[str, Any]) -> Stored:
    partition = found.get("partitionKey")
    return Stored(
        name=found["name"],
        value=found["value"],
        domain=found["domain"],
        path=found["path"],
        secure=found["secure"],
        httponly=found["httpOnly"],
        samesite=found.get("sameSite"),
        partition=partition["topLevelSite"] if partition else None,
        expires=None if found["session"] else found["expires"],
    )
