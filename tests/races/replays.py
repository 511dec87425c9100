"""Interleavings of threads on a real storage: each schedule is followed from its start, on new sessions."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random

from cross_auth import SecondaryStorage
from cross_auth.testing import FakeClock
from tests.races.beginnings import AGE, begin_sessions
from tests.races.explorer import Report, note
from tests.races.operations import Operation
from tests.races.runs import Move, Run
from tests.races.scenarios import Scenario
from tests.races.threads import ThreadedCaller

_users = count()


def replay_all(scenario: Scenario, storage: SecondaryStorage) -> Report:
    """Follow every schedule."""
    ends, broken = 0, dict[str, str]()
    ahead: list[tuple[Move, ...]] = [()]
    with _in_threads(scenario, storage) as start:
        while ahead:
            schedule, ends = ahead.pop(), ends + 1
            with closing(start()) as run:
                for move in schedule:
                    run.step(move)
                while moves := run.moves():
                    ahead += [(*schedule, other) for other in moves[1:]]
                    schedule = (*schedule, moves[0])
                    run.step(moves[0])
                run.finish()
            note(broken, run)
    return Report(1, ends, broken=broken)


def replay_some(scenario: Scenario, storage: SecondaryStorage, times: int) -> Report:
    """Follow so many schedules, the same in every test run."""
    random, broken = Random(0), dict[str, str]()
    with _in_threads(scenario, storage) as start:
        for _ in range(times):
            with closing(start()) as run:
                while moves := run.moves():
                    run.step(random.choice(moves))
                run.finish()
            note(broken, run)
    return Report(1, times, broken=broken)


@contextmanager
def _in_threads(scenario: Scenario, storage: SecondaryStorage) -> Iterator[Callable[[], Run]]:
    """Begin with sync functions in threads, with a new user and new sessions of a real storage."""

    def start() -> Run:
        user = f"user {next(_users)}"
        with FakeClock(datetime.now(UTC) - timedelta(seconds=AGE)):
            ledger = begin_sessions(scenario, storage, user)
        callers = [_threaded(threads, storage, user, scenario.operations[role.name]) for role in scenario.roles]
        return Run(scenario, callers, ledger, storage, written=ledger.records)

    with ThreadPoolExecutor(len(scenario.roles)) as threads:
        yield start


def _threaded(threads: Executor, storage: SecondaryStorage, user: str, operation: Operation) -> ThreadedCaller:
    call = operation.call
    assert call is not None
    return ThreadedCaller(threads, storage, lambda gated, session_id: call(gated, user, session_id))
