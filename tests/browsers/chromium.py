"""The Chromium of this machine, and how the tests start it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

BINARY = (
    os.environ.get("CROSS_AUTH_TEST_CHROMIUM")
    or shutil.which("chromium")
    or shutil.which("chromium-browser")
    or shutil.which("google-chrome")
)
_QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
# Every name leads here: one machine is many sites, and no test reaches another.
_NAMES = ["--host-resolver-rules=MAP * 127.0.0.1"]
_HERE = ["--disable-gpu", "--disable-quic"] + ["--no-sandbox"] * (hasattr(os, "geteuid") and os.geteuid() == 0)


def missing() -> str:
    """Say why there is no browser, or nothing where there is one."""
    if BINARY is None:
        return "no chromium or google-chrome on PATH, and CROSS_AUTH_TEST_CHROMIUM is not set"
    return ""


@contextmanager
def running() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BINARY, args=_QUIET + _NAMES + _HERE)
        try:
            yield browser
        finally:
            browser.close()
