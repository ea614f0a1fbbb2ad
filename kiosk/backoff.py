"""How long to wait before trying again."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Backoff:
    """Exponential, with full jitter: a hall of kiosks does not come back in one instant."""

    first: float
    most: float
    jitter: Callable[[float, float], float] = random.uniform
    failures: int = field(default=0)

    def next(self) -> float:
        """Seconds to wait now."""
        ceiling = min(self.most, self.first * 2.0 ** min(self.failures, 32))
        self.failures += 1
        return self.jitter(0.0, ceiling)
