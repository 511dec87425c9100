"""The cookie, as a browser sees it that keeps to RFC 6265bis."""

from benchmarks.peers.running import Site
from benchmarks.peers.turnstile import Turnstile
from benchmarks.peers.verdicts import yes


def attributes(site: Site, turnstile: Turnstile) -> str:
    user = site.visitor()
    user.post("/log-in")
    parts = [part.strip().lower() for part in user.headers[0].split(";")[1:]]
    shown = {"secure": "Secure", "httponly": "HttpOnly", "samesite=lax": "Lax", "samesite=strict": "Strict"}
    return ", ".join(text for name, text in shown.items() if name in parts) or "none"


def clears(site: Site, turnstile: Turnstile) -> str:
    """Tell a cookie that stays from one that stays without its id, which does no harm."""
    user = site.user()
    before = set(user.browser.cookies.values())
    user.post("/log-out")
    left = set(user.browser.cookies.values())
    return "emptied" if left and not left & before else yes(not left)
