"""A log-out while another request of the same browser is under way, and whether it holds."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count

from httpx import Response

from benchmarks.peers.running import Site
from benchmarks.peers.turnstile import Turnstile
from benchmarks.peers.verdicts import NONE, yes
from benchmarks.peers.visitor import Visitor

READS, WRITES, RENEWS = ("GET", "/who"), ("POST", "/note"), ("POST", "/renew")


def log_out(site: Site, turnstile: Turnstile) -> str:
    """Log out while nothing else goes on; somebody has a copy of the cookie."""
    user = site.user()
    copied = user.cookies
    user.post("/log-out")
    return yes(site.who(copied) == "")


def late_reader(site: Site, turnstile: Turnstile) -> str:
    return _late(site, *READS)


def late_writer(site: Site, turnstile: Turnstile) -> str:
    return _late(site, *WRITES)


def late_renewal(site: Site, turnstile: Turnstile) -> str:
    """Look at the new id as well, which the browser gets when it has logged out."""
    return _late(site, *RENEWS)


def _late(site: Site, method: str, path: str) -> str:
    """Log out when the request has done its work and has not been answered."""
    user = site.user()
    if user.ask(method, path).status_code in (404, 405):
        return NONE
    copied = user.cookies
    with _under_way(user, method, f"{path}?hold"):
        site.told()
        user.post("/log-out")
        site.command(let_go=True)
    return yes(_is_out(site, user, copied))


def every_order(site: Site, turnstile: Turnstile) -> str:
    """Log out before each call that the request makes of Redis, once before each."""
    if "Redis" not in site.column.store:
        return NONE
    stayed = [*_orders(site, turnstile, *READS), *_orders(site, turnstile, *WRITES)]
    return "yes" if all(stayed) else f"no, in {stayed.count(False)} of {len(stayed)}"


def _orders(site: Site, turnstile: Turnstile, method: str, path: str) -> list[bool]:
    stayed: list[bool] = []
    for number in count(1):
        user = site.user()
        copied = user.cookies
        if site.column.cache:
            with site.server.client() as client:
                client.flushall()
        turnstile.stop(number)
        with _under_way(user, method, path) as request:
            while not (stopped := turnstile.stopped.wait(0.01)) and not request.done():
                pass
            if stopped:
                user.post("/log-out")
            turnstile.let_go()
        turnstile.stop(0)
        if not stopped:
            return stayed
        stayed.append(_is_out(site, user, copied))
    raise AssertionError


def _is_out(site: Site, user: Visitor, copied: str) -> bool:
    """Tell whether neither a copy of the cookie nor what the browser has now leads to the user."""
    return site.who(copied) == user.get("/who") == ""


@contextmanager
def _under_way(user: Visitor, method: str, path: str) -> "Iterator[Future[Response]]":
    with ThreadPoolExecutor(1) as pool:
        request = pool.submit(user.ask, method, path)
        yield request
        request.result()
