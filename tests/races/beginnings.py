"""Where the runs of a scenario begin: with its sessions, and with coroutines on the model of a storage."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any
from unittest.mock import patch

from cross_auth import _operations, create_session
from cross_auth.testing import FakeClock
from tests.races.callers import AwaitedCaller, Point
from tests.races.calls import Fault, Suspending, SuspendingIndex
from tests.races.ids import Ids
from tests.races.ledger import Ledger
from tests.races.model import BackwardsModel, Model, PlainModel
from tests.races.operations import MAX_AGE
from tests.races.operations import Run as Operate
from tests.races.runs import Run
from tests.races.scenarios import IDLE, OTHER, Scenario

AGE = 120  # seconds, of each session when the callers start
_LONG, _SHORT = 600, 60  # idle limits: a touch is due, and a session is over
_START = datetime(2026, 1, 1, tzinfo=UTC)  # always the same, since what a coroutine does is remembered
_MODELS = {"indexed": Model, "backwards": BackwardsModel, "plain": PlainModel}
ids = Ids()


def begin_sessions(scenario: Scenario, storage: Any, user: str) -> Ledger:
    sessions, labels = {}, {}
    limit = _LONG if "touch" in scenario.kinds else None
    for label in scenario.present():
        ids.begin(label)
        owner, idle_timeout = (OTHER if label == OTHER else user), (_SHORT if label == IDLE else limit)
        labels[label], data = create_session(owner, storage, MAX_AGE, idle_timeout=idle_timeout)
        sessions[labels[label]] = data
    makers = {role.makes: index for index, role in enumerate(scenario.roles) if role.makes}
    return Ledger(user, makers, sessions, labels, frozenset({labels[IDLE]} if IDLE in labels else ()))


@contextmanager
def on_the_model(scenario: Scenario, faults: tuple[Fault, ...] = ()) -> Iterator[Run]:
    """Begin with coroutines on a model, with ids and a time that are the same in every run."""
    with FakeClock(_START) as clock, patch.object(_operations, "token_urlsafe", ids):
        model = _MODELS[scenario.storage]()
        ledger = begin_sessions(scenario, model, "user")
        clock.advance(AGE)
        storage = SuspendingIndex if isinstance(model, Model) else Suspending
        callers = [
            AwaitedCaller(partial(_first, scenario.operations[role.name].run, storage, f"caller{index}"))
            for index, role in enumerate(scenario.roles)
        ]
        yield Run(scenario, callers, ledger, model, faults, written=ledger.records)


@cache
def _first(run: Operate, storage: Callable[[], Suspending], caller: str, session_id: str) -> Point:
    def begin() -> Any:
        ids.begin(caller)
        return run(storage(), "user", session_id)

    return Point(begin)
