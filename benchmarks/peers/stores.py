"""What a site asks of its store, what it tells it, and what it does without it."""

from benchmarks.peers.running import Site
from benchmarks.peers.sites.serving import IDLE
from benchmarks.peers.turnstile import Turnstile
from benchmarks.peers.verdicts import NONE, yes
from benchmarks.peers.visitor import Visitor
from tests.servers.ports import wait_until


def hidden(site: Site, turnstile: Turnstile) -> str:
    value = site.user().cookies.split("; ")[0].partition("=")[2]
    return yes(not site.holds(value)) if site.column.store else NONE


def calls(site: Site, turnstile: Turnstile) -> str:
    if "Redis" not in site.column.store:
        return NONE if site.column.store else "0"
    user = site.user()
    return str(min(_calls(user, turnstile) for _ in range(10)))  # more, where a thread of the site has to connect


def marking_calls(site: Site, turnstile: Turnstile) -> str:
    """Let so much time pass before each request that whoever marks activity now and then does it in all of them."""
    if "Redis" not in site.column.store:
        return NONE
    user = site.user()
    counted: list[int] = []
    for _ in range(10):
        site.advance(IDLE // 2)
        counted.append(_calls(user, turnstile))
    return str(min(counted))  # as above


def _calls(user: Visitor, turnstile: Turnstile) -> int:
    turnstile.stop(0)
    user.get("/who")
    return turnstile.passed


def outage(site: Site, turnstile: Turnstile) -> str:
    if not site.column.store:
        return NONE
    user = site.user()
    before = user.cookies
    with site.without_store():
        status = user.ask("GET", "/who").status_code
    return yes(status >= 500 and user.cookies == before and _is_back(user))


def _is_back(user: Visitor) -> bool:
    try:
        wait_until(lambda: user.get("/who") == "alice", 10)
    except TimeoutError:
        return False
    return True
