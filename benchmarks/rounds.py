"""Ways to do the same work, timed in turns so that a busy machine slows all alike."""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import sub
from statistics import quantiles
from time import perf_counter_ns
from typing import TypeVar

T = TypeVar("T")
Given = TypeVar("Given")


@dataclass(frozen=True)
class Quartiles:
    low: float
    median: float
    high: float


@dataclass(frozen=True)
class Comparison:
    """Hold nanoseconds an operation for both sides, and what the library adds to the floor round by round."""

    operations: int
    library: Quartiles
    floor: Quartiles
    ratio: Quartiles
    over: Quartiles


def compare(library: Callable[[int], float], floor: Callable[[int], float], rounds: int, operations: int) -> Comparison:
    """Time both sides once a round, each first in every other round.

    A side is told how many operations to do, and returns the nanoseconds that one of them took.
    """
    sides = [lambda: library(operations), lambda: floor(operations)]
    pairs = list(zip(*in_turns(sides, rounds), strict=True))
    return Comparison(
        operations,
        library=quartiles([ours for ours, _ in pairs]),
        floor=quartiles([theirs for _, theirs in pairs]),
        ratio=quartiles([ours / theirs for ours, theirs in pairs]),
        over=quartiles([ours - theirs for ours, theirs in pairs]),
    )


def in_turns(works: Sequence[Callable[[], float]], rounds: int) -> list[list[float]]:
    """Return what each work returned in each round; the order is reversed in every other round."""
    found: list[list[float]] = [[] for _ in works]
    for turn in range(rounds):
        for number in range(len(works))[:: -1 if turn % 2 else 1]:
            found[number].append(works[number]())
    return found


def less(values: Iterable[float], others: Iterable[float]) -> list[float]:
    """Return by how much the values are more than the others, round by round."""
    return list(map(sub, values, others))


def quartiles(values: list[float]) -> Quartiles:
    return Quartiles(*quantiles(values, n=4, method="inclusive"))  # of few values, too, none lies outside them


def nanoseconds(operation: Callable[[Given, T], object], arguments: Sequence[Given], store: T) -> float:
    """Return how long one operation takes, on average over the arguments, without the collector's pauses."""
    gc.disable()
    start = perf_counter_ns()
    for argument in arguments:
        operation(argument, store)
    elapsed = perf_counter_ns() - start
    gc.enable()
    return elapsed / len(arguments)


async def awaited_nanoseconds(
    operation: Callable[[str, T], Awaitable[object]], arguments: Sequence[str], store: T, tasks: int
) -> float:
    """Do the same with so many tasks at a time, each of which has a share of the arguments."""

    async def work(share: Sequence[str]) -> None:
        for argument in share:
            await operation(argument, store)

    gc.disable()
    start = perf_counter_ns()
    await asyncio.gather(*(work(arguments[number::tasks]) for number in range(tasks)))
    elapsed = perf_counter_ns() - start
    gc.enable()
    return elapsed / len(arguments)
