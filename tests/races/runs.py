"""One run of a scenario: who has called what, what they were told, and which laws that broke."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any, Self

from tests.races import audit, judge
from tests.races.calls import Call, Fault, Made
from tests.races.ids import Ids
from tests.races.ledger import Ledger
from tests.races.model import Model
from tests.races.scenarios import Role, Scenario

Move = tuple[int, Fault]

_LATE = (-1, Fault.NONE)  # the move of the call that is overdue


@dataclass
class Run:
    """Callers over a storage, and the ledger of what they were told; ``broken`` is what the last move broke.

    At most one call fails; where it is ``overdue`` it is still to have its effect.
    """

    scenario: Scenario
    callers: list[Any]
    ledger: Ledger
    storage: Any
    faults: tuple[Fault, ...] = ()
    made: tuple[Made, ...] = ()
    failed: Made | None = None
    overdue: Call | None = None
    written: frozenset[str] = frozenset()
    broken: list[tuple[str, str]] = field(default_factory=list)

    def after(self, move: Move) -> Self:
        """Return a run on the model that has come as far as this one and then made a move."""
        other = object.__new__(type(self))  # copy.copy takes four times as long
        vars(other).update(vars(self))
        other.callers, other.storage, other.broken = list(self.callers), self.storage.copy(), []
        other.callers[move[0]] = self.callers[move[0]].copy()
        other.step(move)
        return other

    def state(self) -> Hashable:
        """Return what decides all that can follow."""
        # Of a caller that is through nothing matters but what the ledger has of it.
        points = tuple([caller.point if caller.call else caller.outcome is None for caller in self.callers])
        failed = self.failed and (self.failed.call.key, self.failed.fault is Fault.KILLED)
        return self.storage.state(), points, self.ledger.state, len(self.made), failed, self.overdue is None

    def moves(self) -> list[Move]:
        faults = (Fault.NONE,) if self.failed else (Fault.NONE, *self.faults)
        ready = [index for index in range(len(self.callers)) if self._is_ready(index)]
        return [(index, fault) for index in ready for fault in faults] + ([_LATE] if self.overdue else [])

    def _is_ready(self, index: int) -> bool:
        caller, role = self.callers[index], self.scenario.roles[index]
        if caller.call is not None or caller.outcome is not None:
            return caller.call is not None
        return role.kind == "guess" or not role.target or role.target in self.ledger.labels

    def step(self, move: Move) -> None:
        """Let one caller make its next call, and go on until it waits to make another."""
        if move == _LATE:
            return self._perform_late()
        index, fault = move
        caller, role = self.callers[index], self.scenario.roles[index]
        was_told = caller.outcome is not None
        if caller.call is None:
            self.ledger = self.ledger.start(index, role, self._id_of(role))
            caller.start(self._id_of(role))
        if caller.call is not None and (was_told or caller.outcome is None):  # who answers first calls at a later turn
            self._call(index, fault)
        if caller.outcome is not None and not was_told:
            self._tell(index)
        return None

    def _call(self, index: int, fault: Fault) -> None:
        caller = self.callers[index]
        made = Made(index, caller.call, fault)
        self.made += (made,)
        if fault is not Fault.NONE:
            self.failed = made
            self.overdue = made.call if fault.effect == "later" else None
        if fault.effect == "now":
            self._judge(made)
        caller.step(fault, self.storage)
        self._look(made)

    def _perform_late(self) -> None:
        assert self.failed is not None
        late, self.overdue = self.failed, None
        self.made += (Made(late.caller, late.call, Fault.NONE),)
        self._judge(late)
        late.call.perform(self.storage)
        self._look(late)

    def _judge(self, made: Made) -> None:
        role, call = self.scenario.roles[made.caller], made.call
        self.broken += judge.of_call(role, self.ledger.running.get(made.caller), call)
        if call.name == "set" and call.key.startswith("session:"):
            if call.key in self.written:
                self.broken += [("record-is-written-once", f"{role} writes a record that was written before")]
            self.written |= {call.key}

    def _look(self, made: Made) -> None:
        if made.call.writes and isinstance(self.storage, Model):
            self.broken += judge.of_effect(self.scenario.roles[made.caller], self.storage)

    def _tell(self, index: int) -> None:
        outcome, role = self.callers[index].outcome, self.scenario.roles[index]
        assert outcome is not None
        if outcome.error is not None:
            self.ledger = self.ledger.stop(index)
        else:
            told = (index, role, self._id_of(role), outcome.answer)
            self.broken += judge.of_answer(self.ledger, *told, self.failed)
            self.ledger = self.ledger.answer(*told)

    def _id_of(self, role: Role) -> str:
        known = self.ledger.labels.get(role.target)
        return known or (Ids.of(self.scenario.maker(role.target)) if role.target else "")

    def finish(self) -> None:
        self.broken += audit.of_end(self.ledger, self.storage, self.failed)

    def story(self) -> str:
        """Return who has called what, in order."""
        return "; ".join(f"{self.scenario.roles[each.caller]}: {each}" for each in self.made)

    def close(self) -> None:
        for caller in self.callers:
            caller.close()
