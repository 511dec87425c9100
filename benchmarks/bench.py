"""What a section of the benchmarks is given, and what it may claim of what it found."""

from dataclasses import dataclass
from pathlib import Path

from benchmarks.servers import Servers


@dataclass(frozen=True)
class Bench:
    """A folder on a real disk, servers that start when they are first needed, and how much there is to do."""

    folder: Path
    servers: Servers
    quick: bool
    only: str = ""  # measures what has this in its name

    def rounds(self, full: int, quick: int) -> int:
        return quick if self.quick else full


@dataclass(frozen=True)
class Target:
    """A claim that the figures bear out or not: what was found is at most the limit, or at least."""

    claim: str
    limit: float
    found: float
    at_least: bool = False

    @property
    def met(self) -> bool:
        return self.found >= self.limit if self.at_least else self.found <= self.limit
