"""One run of a scenario, on the model of a storage or on a real one."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from unittest.mock import patch

from cross_auth import SecondaryStorage, SessionData, _operations, create_session, get_session
from cross_auth.testing import FakeClock
from tests.races.callers import AwaitedCaller, Caller, ThreadedCaller
from tests.races.ledger import Ledger
from tests.races.model import Fault, Ids, Model, Suspending
from tests.races.scenarios import USER, Operation, Role, Scenario

Move = tuple[int, Fault]
Start = Callable[[], "Run"]


@dataclass
class Run:
    """Callers over a storage, and the ledger of what they were told."""

    scenario: Scenario
    callers: Sequence[Caller]
    ledger: Ledger
    get: Callable[[str], SessionData | None]
    model: Model | None = None
    ids: Ids = field(default_factory=Ids)
    faults: tuple[Fault, ...] = ()
    schedule: tuple[Move, ...] = ()
    log: tuple[str, ...] = ()
    failed: dict[int, Fault] = field(default_factory=dict)

    def state(self) -> Hashable:
        """Return what decides all that can follow; a real storage cannot be compared."""
        if self.model is None:
            return self.schedule
        return self.model.state(), tuple(caller.seen for caller in self.callers), self.ledger.state(), bool(self.failed)

    def moves(self) -> list[Move]:
        faults = (Fault.NONE,) if self.failed else (Fault.NONE, *self.faults)
        ready = [index for index in range(len(self.callers)) if self._is_ready(index)]
        return [(index, fault) for index in ready for fault in faults]

    def _is_ready(self, index: int) -> bool:
        caller, role = self.callers[index], self.scenario.roles[index]
        if caller.call is not None or caller.outcome is not None:
            return caller.call is not None
        return role.kind == "guess" or not role.target or role.target in self.ledger.labels

    def step(self, move: Move) -> None:
        """Let one caller make its next call, and go on until it waits to make another."""
        index, fault = move
        caller, role = self.callers[index], self.scenario.roles[index]
        was_told = caller.outcome is not None
        self.ids.caller = f"caller{index}"
        self.schedule += (move,)
        if caller.call is None:
            self.ledger.start(index, role, self.id_of(role))
            caller.start(self.id_of(role))
        if caller.call is not None and (was_told or caller.outcome is None):  # who answers first calls at a later turn
            self._call(index, fault)
        if caller.outcome is not None and not was_told:
            self._tell(index)

    def _call(self, index: int, fault: Fault) -> None:
        caller, role = self.callers[index], self.scenario.roles[index]
        assert caller.call is not None
        self.log += (f"{role}: {caller.call.name}{'' if fault is Fault.NONE else f' ({fault.name})'}",)
        if fault is not Fault.NONE:
            self.failed[index] = fault
            self.ledger.nothing_failed = False
        if fault.has_effect:
            self.ledger.watch(role, caller.call)
        caller.step(fault)

    def _tell(self, index: int) -> None:
        outcome, role = self.callers[index].outcome, self.scenario.roles[index]
        assert outcome is not None
        if outcome.error is not None:
            self.ledger.fail(index)
        else:
            self.ledger.answer(index, role, self.id_of(role), outcome.answer, self.failed.get(index, Fault.NONE))

    def id_of(self, role: Role) -> str:
        known = self.ledger.labels.get(role.target)
        return known if known is not None else Ids.of(self.scenario.maker(role.target))

    def finish(self) -> None:
        self.ledger.audit(self.get)
        if self.model is not None:
            self.ledger.audit_keys(self.model.kept)

    def close(self) -> None:
        for caller in self.callers:
            caller.close()


def _ledger(scenario: Scenario, storage: SecondaryStorage, ids: Ids) -> Ledger:
    ledger = Ledger()
    for label in scenario.present():
        ids.caller = label
        ledger.labels[label], data = create_session(USER, storage, 60)
        ledger.sessions[ledger.labels[label]] = data
    ledger.written |= {_operations.record_key(_operations.handle_of(each)) for each in ledger.sessions}
    return ledger


@contextmanager
def on_the_model(scenario: Scenario, faults: tuple[Fault, ...] = ()) -> Iterator[Start]:
    """Run the coroutines on a model, with ids and a time that are the same in every run."""
    ids = Ids()

    def start() -> Run:
        ids.clear()
        model = Model()
        ledger = _ledger(scenario, model, ids)
        callers = [
            AwaitedCaller(partial(scenario.operations[role.name].run, Suspending(model))) for role in scenario.roles
        ]
        return Run(scenario, callers, ledger, partial(get_session, storage=model), model, ids, faults)

    with FakeClock(), patch.object(_operations, "token_urlsafe", ids):
        yield start


@contextmanager
def in_threads(scenario: Scenario, storage: SecondaryStorage) -> Iterator[Start]:
    """Run the sync functions in threads, on new sessions of a real storage."""

    def start() -> Run:
        ledger = _ledger(scenario, storage, Ids())
        callers = [_threaded(threads, storage, scenario.operations[role.name]) for role in scenario.roles]
        return Run(scenario, callers, ledger, partial(get_session, storage=storage))

    with ThreadPoolExecutor(len(scenario.roles)) as threads:
        yield start


def _threaded(threads: Executor, storage: SecondaryStorage, operation: Operation) -> ThreadedCaller:
    assert operation.call is not None
    return ThreadedCaller(threads, storage, operation.call)
