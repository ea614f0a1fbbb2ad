"""What a load came to: figures, for JSON and as a short table."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from media.callers.caller import Fare
from media.callers.meter import Cost
from media.callers.record import Call

MAX_REASONS = 5


@dataclass(frozen=True, slots=True)
class SetUp:
    """From the accept to the first picture on both sides, milliseconds (`p95`: nearest rank)."""

    median: float
    p95: float
    most: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of a load.

    `at_once` calls were in talk at the same time, for `minutes` all together. `packets` came and
    `lost` did not. Null: no such call got as far as that; the logs were not to be read; the cost
    of the center is not known.
    """

    fare: Fare
    calls: int
    at_once: int
    minutes: float
    failed: int
    reasons: tuple[str, ...]
    alone: SetUp | None
    set_up: SetUp | None
    packets: int
    lost: int
    torn_logs: int | None
    cost: Cost | None

    @property
    def ratio(self) -> float | None:
        """The slowest set-up against the median of those that were alone."""
        return self.set_up.most / self.alone.median if self.set_up and self.alone else None

    @property
    def cpu_s_a_minute(self) -> float | None:
        """CPU seconds of the center for each minute of talk, its set-up and end included."""
        return self.cost.cpu_s / self.minutes if self.cost and self.minutes else None

    def json(self) -> dict[str, object]:
        """Everything, with what follows from it."""
        return asdict(self) | {"ratio": self.ratio, "cpu_s_a_minute": self.cpu_s_a_minute}

    def rows(self) -> list[tuple[str, str]]:
        """What it is, and the figure in words."""
        sent = f"{self.fare.fps:g} pictures/s, {self.fare.sound_ms} ms in a packet of sound"
        return [
            ("calls, at once", f"{self.calls}, {self.at_once}"),
            ("each end sent", sent),
            ("set-up alone: median, p95, most", _times(self.alone)),
            ("set-up in the crowd", _times(self.set_up)),
            ("slowest against alone", _known(self.ratio, "{:.2f}")),
            ("calls that failed", "; ".join([str(self.failed), *self.reasons])),
            ("packets lost", f"{self.lost} of {self.packets + self.lost}"),
            ("logs with a hole", _known(self.torn_logs, "{}")),
            ("center CPU a call-minute", _known(self.cpu_s_a_minute, "{:.2f} s")),
            ("center memory: before, most", _memory(self.cost)),
        ]


def set_up_of(calls: Sequence[Call]) -> SetUp | None:
    """The figures of those that got so far."""
    times = sorted(call.set_up_ms for call in calls if call.set_up_ms is not None)
    if not times:
        return None
    return SetUp(statistics.median(times), times[math.ceil(0.95 * len(times)) - 1], times[-1])


def _times(set_up: SetUp | None) -> str:
    if set_up is None:
        return "none"
    return f"{set_up.median:.0f} ms, {set_up.p95:.0f} ms, {set_up.most:.0f} ms"


def _known(figure: float | None, form: str) -> str:
    return "unknown" if figure is None else form.format(figure)


def _memory(cost: Cost | None) -> str:
    if cost is None:
        return "unknown"
    return f"{cost.memory / 1e6:.0f} MB, {cost.most_memory / 1e6:.0f} MB"
