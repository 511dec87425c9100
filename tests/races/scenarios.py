"""Who calls which operation on what: ``create >new | get new | delete a``."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations_with_replacement, permutations, product
from typing import Literal

from tests.races.operations import OPERATIONS, Kind, Operation

IDLE = "idle"  # a session that has been idle for too long
OTHER = "other"  # a session of another user


@dataclass(frozen=True)
class Role:
    """One caller: ``target`` labels the session that it is given, ``makes`` the one that it makes."""

    name: str
    target: str
    kind: Kind
    makes: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.name, self.target, self.makes and f">{self.makes}")))


@dataclass(frozen=True)
class Scenario:
    """Callers that run at the same time, each an operation."""

    roles: tuple[Role, ...]
    operations: Mapping[str, Operation] = field(hash=False)
    storage: Literal["indexed", "backwards", "plain"] = "indexed"

    @classmethod
    def read(cls, text: str, operations: Mapping[str, Operation] = OPERATIONS) -> "Scenario":
        """Read ``create >new | get new``; a session whose maker is not named is there from the beginning."""
        return cls(tuple(_role(each.strip(), operations) for each in text.split("|")), operations)

    def __str__(self) -> str:
        return " | ".join(map(str, self.roles))

    @property
    def kinds(self) -> frozenset[Kind]:
        return frozenset(role.kind for role in self.roles)

    @property
    def meet(self) -> bool:
        """Tell whether some session is the affair of two callers."""
        labels = [label for role in self.roles for label in {role.target, role.makes} if label]
        return bool(self.kinds & {"end all", "list"}) or len(set(labels)) < len(labels)

    def maker(self, label: str) -> str:
        """Return the caller that makes a session, as ``Ids`` names it; of one that is there it is its label."""
        return next((f"caller{index}" for index, role in enumerate(self.roles) if role.makes == label), label)

    def present(self) -> list[str]:
        """Return the labels of the sessions that are there from the beginning."""
        targets = {role.target for role in self.roles if role.target}
        bystanders = {"a", "b", OTHER} if self.kinds & {"end all", "list"} else set()
        return sorted((targets | bystanders) - {role.makes for role in self.roles})


def _role(text: str, operations: Mapping[str, Operation]) -> Role:
    name, _, rest = text.partition(" ")
    target, _, makes = rest.partition(">")
    return Role(name, target.strip(), operations[name].kind, makes)


def alone(name: str, operations: Mapping[str, Operation] = OPERATIONS) -> Scenario:
    """Return the scenario of one caller."""
    made = ">new" if operations[name].makes else ""
    return Scenario.read(f"{name} {'a' if operations[name].takes else ''} {made}", operations)


def groups(size: int, operations: Mapping[str, Operation] = OPERATIONS) -> list[tuple[str, ...]]:
    """Return every choice of so many operations: ``("create", "get", "get")``."""
    chosen = combinations_with_replacement(sorted(operations), size)
    return [group for group in chosen if any(scenarios(group, operations))]


def scenarios(group: tuple[str, ...], operations: Mapping[str, Operation] = OPERATIONS) -> Iterator[Scenario]:
    """Yield the group on every choice of one session, two, those that the group makes, and what it is not to reach.

    A session that is idle takes part where it is touched, and one of another user where it is revoked.
    """
    made = [f"new{index}" if operations[name].makes else "" for index, name in enumerate(group)]
    choices = product(*(_targets(operations[name], made, index) for index, name in enumerate(group)))
    seen: set[tuple[str, ...]] = set()
    for targets in choices:
        shape = _shape(group, targets)
        if shape not in seen and _is_of_interest(targets, {operations[name].kind for name in group}):
            seen.add(shape)
            texts = [f"{name} {target} >{own}" for name, target, own in zip(group, targets, made, strict=True)]
            yield from _over_storages(Scenario.read(" | ".join(texts), operations))


def _shape(group: tuple[str, ...], targets: tuple[str, ...]) -> tuple[str, ...]:
    """Return what is the same for choices that differ in their labels and in the order of the callers alone."""

    def named(order: tuple[int, ...], a: str, b: str) -> tuple[str, ...]:
        names = {"a": a, "b": b, **{f"new{old}": f"new{new}" for new, old in enumerate(order)}}
        return tuple(names.get(targets[each], targets[each]) for each in order)

    orders = [order for order in permutations(range(len(group))) if tuple(group[each] for each in order) == group]
    return min(named(order, *pair) for order in orders for pair in (("a", "b"), ("b", "a")))


def _over_storages(scenario: Scenario) -> Iterator[Scenario]:
    """Yield the scenario on each kind of storage that makes a difference to it."""
    yield scenario
    if "end all" in scenario.kinds:
        yield replace(scenario, storage="backwards")
    if not any(scenario.operations[role.name].needs_index for role in scenario.roles):
        yield replace(scenario, storage="plain")


def _targets(operation: Operation, made: list[str], own: int) -> list[str]:
    if not operation.takes:
        return [""]
    others = [label for label in (made[:own] if operation.makes else made) if label]
    if operation.kind == "guess":
        return others
    return ["a", "b", *others] if operation.keeps else ["a", "b", IDLE, OTHER, *others]


def _is_of_interest(targets: tuple[str, ...], kinds: set[Kind]) -> bool:
    """Tell whether what is out of reach is the target of all or of none."""
    used = {target for target in targets if target in ("a", "b", IDLE, OTHER)}
    if not used & {IDLE, OTHER}:
        return True
    return len(used) == 1 and ("touch" if IDLE in used else "revoke") in kinds
