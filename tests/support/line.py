"""What a line does to the packets that go one way through it: pure, so that tests can reckon.

A packet waits behind those before it (`rate_bps`, in a queue of `queue_bytes`), may be lost, and
travels for `delay_s` and up to `jitter_s` more. Packets never overtake each other, as on a real
access line; losses come from a seed, so that a run can be repeated.
"""

import random
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Condition:
    """How one direction is just now; the defaults are a perfect line."""

    rate_bps: float | None = None
    queue_bytes: int = 32_000
    delay_s: float = 0.0
    jitter_s: float = 0.0
    loss: float = 0.0
    cut: bool = False


PERFECT = Condition()
CUT = Condition(cut=True)


@dataclass(slots=True)
class Traffic:
    """Packets of one direction since it was made, by what became of them."""

    passed: int = 0
    passed_bytes: int = 0
    lost: int = 0
    overflowed: int = 0
    cut_off: int = 0


@dataclass(slots=True)
class Way:
    """One direction of a line. Its `condition` may be replaced at any time."""

    seed: int
    condition: Condition = PERFECT
    traffic: Traffic = field(default_factory=Traffic)
    _dice: random.Random = field(init=False)
    _busy_until: float = 0.0
    _last_arrival: float = 0.0

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)

    def arrival(self, size: int, now: float) -> float | None:
        """When a packet of `size` bytes that is handed in at `now` comes out; None if it never
        does. Times are seconds of any clock that only rises."""
        condition, traffic = self.condition, self.traffic
        if condition.cut:
            traffic.cut_off += 1
            return None
        sent = self._sent(size, now)
        if sent is None:
            traffic.overflowed += 1
            return None
        if self._dice.random() < condition.loss:
            traffic.lost += 1
            return None
        traffic.passed += 1
        traffic.passed_bytes += size
        travel = condition.delay_s + condition.jitter_s * self._dice.random()
        self._last_arrival = max(self._last_arrival, sent + travel)
        return self._last_arrival

    def _sent(self, size: int, now: float) -> float | None:
        """When its last bit is on the line; None when the queue has no room for it."""
        rate = self.condition.rate_bps
        if rate is None:
            return now
        begin = max(now, self._busy_until)
        if (begin - now) * rate / 8 + size > self.condition.queue_bytes:
            return None
        self._busy_until = begin + size * 8 / rate
        return self._busy_until
