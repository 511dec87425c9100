"""Which operations there are, and who calls which of them on what: ``create >new | get new | delete a``."""

from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations_with_replacement, product
from typing import Any, Literal

from cross_auth import _operations, create_session, delete_session, get_session

USER = "user"
Kind = Literal["make", "read", "guess", "touch", "end", "end all", "replace"]
Run = Callable[[Any, str], Coroutine[Any, Any, Any]]
Call = Callable[[str, Any], object]


@dataclass(frozen=True)
class Operation:
    """An operation on a storage and an id: its kind says how its answer is judged.

    ``run`` is the coroutine function, and ``call`` the public sync function; both may ignore the id.
    A guess is a get that does not wait until its id was returned to someone.
    """

    kind: Kind
    run: Run
    call: Call | None = None

    @property
    def takes(self) -> bool:
        return self.kind not in ("make", "end all")

    @property
    def makes(self) -> bool:
        return self.kind in ("make", "replace")


OPERATIONS: Mapping[str, Operation] = {
    "create": Operation("make", lambda s, _: _operations.create(s, USER, 60), lambda _, s: create_session(USER, s, 60)),
    "delete": Operation("end", _operations.delete, delete_session),
    "get": Operation("read", _operations.get, get_session),
    "guess": Operation("guess", _operations.get),
}


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
    operations: Mapping[str, Operation]

    @classmethod
    def read(cls, text: str, operations: Mapping[str, Operation] = OPERATIONS) -> "Scenario":
        """Read ``create >new | get new``; a session whose maker is not named is there from the beginning."""
        return cls(tuple(_role(each.strip(), operations) for each in text.split("|")), operations)

    def __str__(self) -> str:
        return " | ".join(map(str, self.roles))

    def maker(self, label: str) -> str:
        """Return the caller that makes a session, as ``Ids`` names it; of one that is there it is its label."""
        return next((f"caller{index}" for index, role in enumerate(self.roles) if role.makes == label), label)

    def present(self) -> list[str]:
        """Return the labels of the sessions that are there from the beginning."""
        targets = {role.target for role in self.roles if role.target}
        ended = {"a", "b"} if any(role.kind == "end all" for role in self.roles) else set()
        return sorted((targets | ended) - {role.makes for role in self.roles})


def _role(text: str, operations: Mapping[str, Operation]) -> Role:
    name, _, rest = text.partition(" ")
    target, _, makes = rest.partition(">")
    return Role(name, target.strip(), operations[name].kind, makes)


def alone(name: str, operations: Mapping[str, Operation] = OPERATIONS) -> Scenario:
    """Return the scenario of one caller."""
    return Scenario.read(f"{name} {'a' if operations[name].takes else ''} >new", operations)


def groups(size: int, operations: Mapping[str, Operation] = OPERATIONS) -> list[tuple[str, ...]]:
    """Return every choice of so many operations: ``("create", "get", "get")``."""
    chosen = combinations_with_replacement(sorted(operations), size)
    return [group for group in chosen if any(scenarios(group, operations))]


def scenarios(group: tuple[str, ...], operations: Mapping[str, Operation] = OPERATIONS) -> Iterator[Scenario]:
    """Yield the group on every choice of one session, two, and those that the group itself makes."""
    made = [f"new{index}" if operations[name].makes else "" for index, name in enumerate(group)]
    seen: set[tuple[str, ...]] = set()
    for targets in product(*(_targets(operations[name], made, own) for name, own in zip(group, made, strict=True))):
        used = [target for target in targets if target in ("a", "b")]
        texts = [f"{name} {target} >{own}" for name, target, own in zip(group, targets, made, strict=True)]
        if used[:1] != ["b"] and tuple(sorted(texts)) not in seen:  # what has b first is the same with a first
            seen.add(tuple(sorted(texts)))
            yield Scenario.read(" | ".join(texts), operations)


def _targets(operation: Operation, made: list[str], own: str) -> list[str]:
    if not operation.takes:
        return [""]
    others = [label for label in made if label not in ("", own)]
    return others if operation.kind == "guess" else ["a", "b", *others]
