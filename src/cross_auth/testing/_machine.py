"""What both state machines share: the storage under test, its handles and its clock."""

from dataclasses import dataclass
from typing import ClassVar
from unittest import TestCase

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from cross_auth._protocols import SecondaryStorage
from cross_auth.testing._clock import Advance, FakeClock, clock_of, close
from cross_auth.testing._on_loop import Factory, Reopen


@dataclass(frozen=True)
class Subject:
    """The storage under test and what can be done with it beside calling it."""

    factory: Factory
    advance: Advance | None
    reopen: Reopen | None
    own_clock: bool


class StorageUnderTest(RuleBasedStateMachine):
    """Open, reopen and share a storage, and keep the time."""

    subject: ClassVar[Subject]

    def __init__(self) -> None:
        super().__init__()
        self.handles = [self.subject.factory()]
        self.clock = FakeClock()
        self.clock.__enter__()

    def check_all(self) -> None:
        """Compare everything that the storage should hold with what it does; each run ends with it."""

    def teardown(self) -> None:
        try:
            self.check_all()
        finally:
            self.clock.__exit__(None, None, None)
            for handle in self.handles:
                close(handle)

    def handle(self, data: st.DataObject) -> SecondaryStorage:
        """Return the storage, through any one of the handles that are open on it."""
        return self.handles[0] if len(self.handles) == 1 else data.draw(st.sampled_from(self.handles), label="handle")

    def pass_time(self, seconds: float, storage_seconds: float) -> None:
        self.clock.advance(seconds)
        if self.subject.advance is not None:
            self.subject.advance(self.handles[0], storage_seconds)

    @precondition(lambda self: self.subject.reopen is not None and len(self.handles) < 3)
    @rule()
    def open_another_handle(self) -> None:
        assert self.subject.reopen is not None
        self.handles.append(self.subject.reopen(self.handles[0]))

    @precondition(lambda self: self.subject.reopen is not None)
    @rule()
    def close_and_reopen(self) -> None:
        assert self.subject.reopen is not None
        for handle in self.handles:
            close(handle)
        self.handles = [self.subject.reopen(self.handles[0])]


def test_case(
    machine: type[StorageUnderTest], factory: Factory, advance: Advance | None, reopen: Reopen | None
) -> type[TestCase]:
    """Return the machine's test case for one storage."""
    subject = Subject(factory, advance or clock_of(factory), reopen, own_clock=advance is not None)
    tested = type(machine.__name__, (machine,), {"subject": subject, "__doc__": machine.__doc__})
    case: type[TestCase] = tested.TestCase  # type: ignore[attr-defined]  # Hypothesis adds it
    case.laws = getattr(machine, "laws", ())  # type: ignore[attr-defined]  # as on the tests of the contract
    return case
