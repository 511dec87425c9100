"""When a session ends by itself: asked with the clock of the site moved on, never with a wait."""

from benchmarks.peers.running import Site
from benchmarks.peers.sites.serving import ABSOLUTE, IDLE
from benchmarks.peers.turnstile import Turnstile
from benchmarks.peers.verdicts import yes

STEP = 1200  # seconds between two requests: less than the idle limit


def idle(site: Site, turnstile: Turnstile) -> str:
    return yes(_lives(site, ABSOLUTE // STEP + 1) and _dies_unused(site))


def absolute(site: Site, turnstile: Turnstile) -> str:
    """Use it all the time, for reading and, after the first look, for writing as well."""
    return yes(_lives(site, ABSOLUTE // STEP - 1) and not _lives(site, ABSOLUTE // STEP + 1, writes=True))


def both(site: Site, turnstile: Turnstile) -> str:
    return yes(absolute(site, turnstile) == "yes" and _dies_unused(site))


def _lives(site: Site, steps: int, *, writes: bool = False) -> bool:
    user = site.user()
    for _ in range(steps):
        site.advance(STEP)
        if writes:
            user.post("/note")
        user.get("/who")
    return user.get("/who") == "alice"


def _dies_unused(site: Site) -> bool:
    user = site.user()
    site.advance(IDLE + 1)
    return user.get("/who") == ""
