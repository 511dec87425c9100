"""Ask a real Chromium what the model of a browser was asked: which cookies are gone after a log-out.

Run ``python -m benchmarks.peers.chromium`` after ``make peers``; it fails where the two differ.
"""

import sys
from contextlib import ExitStack

from playwright.sync_api import Browser

from benchmarks.peers.columns import COLUMNS, Column
from benchmarks.peers.running import running
from benchmarks.peers.table import RESULTS, load
from benchmarks.peers.verdicts import NONE, yes
from tests.browsers import chromium
from tests.servers.redis_server import RedisServer

MODES = {"clears": "default", "clears_host": "host"}
POST = "path => fetch(path, {method: 'POST'}).then(response => response.ok)"


def clears(browser: Browser, column: Column, mode: str, server: RedisServer) -> str:
    """Log in and out in a browser of its own, and say what ``cookies.clears`` says."""
    with running(column, mode, server) as (site, _), browser.new_context() as context:
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{site.port}/who")  # which Chromium takes for as good as HTTPS
        page.evaluate(POST, "/log-in")
        before = {cookie["value"] for cookie in context.cookies()}
        if not before:
            return "never kept"
        page.evaluate(POST, "/log-out")
        left = {cookie["value"] for cookie in context.cookies()}
    return "emptied" if left and not left & before else yes(not left)


def main() -> None:
    told = {each.name: each.answers for each in load(RESULTS.read_text("utf-8"))}
    differ = 0
    with ExitStack() as stack:
        server = RedisServer()
        stack.callback(server.stop)
        browser = stack.enter_context(chromium.running())
        print(f"Chromium {browser.version}")
        for column in COLUMNS:
            for question in (each for each in MODES if told[column.name][each] != NONE):
                said = clears(browser, column, MODES[question], server)
                differ += said != told[column.name][question]
                print(f"{column.name:<20}{question:<14}{said:<12}model: {told[column.name][question]}", flush=True)
    sys.exit(f"{differ} differ" if differ else None)


if __name__ == "__main__":
    main()
