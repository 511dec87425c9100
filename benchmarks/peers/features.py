"""What an application gets beside the log-in."""

from benchmarks.peers.running import Site
from benchmarks.peers.turnstile import Turnstile
from benchmarks.peers.verdicts import NONE, yes


def lists(site: Site, turnstile: Turnstile) -> str:
    user = site.user()
    user.post("/end-others")  # those of the questions before
    site.user()
    answer = user.ask("GET", "/sessions")
    return NONE if answer.status_code == 404 else yes(answer.text == "2")


def ends_others(site: Site, turnstile: Turnstile) -> str:
    one, other = site.user(), site.user()
    if one.post("/end-others") == 404:
        return NONE
    return yes(one.get("/who") == "alice" and other.get("/who") == "")


def data(site: Site, turnstile: Turnstile) -> str:
    visitor = site.visitor()
    visitor.post("/note")
    user = site.user()
    user.post("/note")
    kept = {"visitors": visitor.get("/note") == "kept", "users": user.get("/note") == "kept"}
    return "yes" if all(kept.values()) else "of users" if kept["users"] else "no"
