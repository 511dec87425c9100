"""Where a session's id comes from: the server alone, and anew when it matters."""

from benchmarks.peers.running import Site
from benchmarks.peers.turnstile import Turnstile
from benchmarks.peers.verdicts import NONE, yes


def log_in(site: Site, turnstile: Turnstile) -> str:
    """Plant an id that nobody gave out, then one from before the log-in, and try both after it."""
    attacker = site.visitor()
    attacker.post("/note")
    return yes(all(_survives(site, cookie) for cookie in (_made_up(site), attacker.cookies) if cookie))


def _survives(site: Site, planted: str) -> bool:
    victim = site.visitor()
    victim.plant(planted)
    victim.post("/log-in")
    return victim.get("/who") == "alice" and site.who(planted) == ""


def made_up(site: Site, turnstile: Turnstile) -> str:
    visitor, planted = site.visitor(), _made_up(site)
    visitor.plant(planted)
    visitor.post("/note")
    other = site.visitor()
    other.plant(planted)
    return yes(other.get("/note") != "kept" and not site.holds(planted.partition("=")[2]))


def _made_up(site: Site) -> str:
    """Return a cookie of the right shape, whose value no server made."""
    name, _, value = site.user().cookies.split("; ")[0].partition("=")
    return f"{name}={value[::-1]}"


def renewal(site: Site, turnstile: Turnstile) -> str:
    user = site.user()
    old = user.cookies
    if user.post("/renew") == 404:
        return NONE
    return yes(user.get("/who") == "alice" and user.cookies != old and site.who(old) == "")
