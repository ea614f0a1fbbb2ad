"""What a load is to be."""

from dataclasses import dataclass, field
from math import ceil

from media.callers.caller import Fare

CALLS_A_PROCESS = 10
"""So many ends keep a process busy for a tenth of the time; whoever is set up there waits for the
others no longer than a few milliseconds."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`count` calls begin at `ramp` a second, go on for `seconds` once all are there, and then
    end. Before them `alone` calls follow each other. It rings for `ring_s`. The callers live in so
    many `processes` (0: as many as it takes), which step back by `nice` behind a center on the same
    machine; a single one does not."""

    count: int
    seconds: float = 30.0
    ramp: float = 2.0
    alone: int = 5
    ring_s: float = 1.5
    fare: Fare = field(default_factory=Fare)
    processes: int = 0
    nice: int = 0

    @property
    def teams(self) -> int:
        """How many processes that is; each has a call at least."""
        return min(self.count, self.processes or ceil(self.count / CALLS_A_PROCESS))
