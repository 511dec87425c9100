"""What every site is asked, and in which of its modes."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.peers import cookies, features, ids, limits, races, stores
from benchmarks.peers.running import Site
from benchmarks.peers.turnstile import Turnstile


@dataclass(frozen=True)
class Question:
    id: str
    text: str
    ask: Callable[[Site, Turnstile], str]
    mode: str = "default"


QUESTIONS = (
    Question("log_out", "After a log-out the old cookie is dead", races.log_out),
    Question("late_reader", "… and stays so when a request that was reading ends later", races.late_reader),
    Question("late_writer", "… when a request that was writing does", races.late_writer),
    Question("late_renewal", "… when a renewal of the id does", races.late_renewal),
    Question("every_order", "… before whichever Redis call of the first two it comes", races.every_order),
    Question("log_in_makes_an_id", "A log-in makes a new id", ids.log_in),
    Question("made_up", "Nothing is kept under an id that a client made up", ids.made_up),
    Question("renewal", "A new id in mid-session, and the old one is dead", ids.renewal),
    Question("hidden", "Who reads the store cannot log in", stores.hidden),
    Question("outage", "A store that is down logs nobody out", stores.outage),
    Question("cookie", "The cookie, by default", cookies.attributes),
    Question("clears", "A browser drops the cookie at a log-out", cookies.clears),
    Question("clears_host", "… and a `__Host-` cookie", cookies.clears, "host"),
    Question("idle", "Can end when it is not used", limits.idle, "idle"),
    Question("absolute", "Can end at a fixed time, however busy", limits.absolute, "absolute"),
    Question("both", "Can do both", limits.both, "both"),
    Question("lists", "Lists the sessions of a user", features.lists),
    Question("ends_others", "Ends the user's others", features.ends_others),
    Question("data", "Keeps the application's data", features.data),
    Question("calls", "Redis calls of a request that reads", stores.calls),
    Question("marking_calls", "… and marks activity, for an idle limit", stores.marking_calls, "idle"),
)
