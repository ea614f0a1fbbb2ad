"""What a load came to: figures, for JSON and as a short table."""

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from media.callers.caller import SILENCE_MS, Fare
from media.callers.meter import Cost
from media.callers.record import Call

MAX_REASONS = 5


@dataclass(frozen=True, slots=True)
class Spread:
    """Of a number of times, milliseconds (`p95`: nearest rank)."""

    median: float
    p95: float
    most: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of a load.

    `ramp` calls came in a second; `at_once` were in talk at the same time, for `minutes` all
    together. A set-up lasts from the accept to the first picture on both sides; `let_in` is the
    center's part of it. `packets` came and `lost` did not. `cores` is what the callers themselves
    took of the machine in all their `processes`, which stepped back by `nice`, `late` how late they
    were. Null: no such call got as far as that; the logs were not to be read; the cost of the
    center is not known.
    """

    fare: Fare
    ramp: float
    calls: int
    at_once: int
    minutes: float
    failed: int
    reasons: tuple[str, ...]
    alone: Spread | None
    set_up: Spread | None
    let_in_alone: Spread | None
    let_in: Spread | None
    processes: int
    nice: int
    cores: float
    late: Spread | None
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
        return [
            ("calls, at once", f"{self.calls}, {self.at_once}"),
            ("new calls", f"{self.ramp:g}/s"),
            ("each end sent", _fare(self.fare)),
            ("set-up alone: median, p95, most", _times(self.alone)),
            ("set-up in the crowd", _times(self.set_up)),
            ("slowest against alone", _known(self.ratio, "{:.2f}")),
            ("of it, until let in: alone", _times(self.let_in_alone)),
            ("until let in, in the crowd", _times(self.let_in)),
            (
                "callers: processes, nice, CPU",
                f"{self.processes}, {self.nice}, {self.cores:.2f} cores",
            ),
            ("callers late by", _times(self.late)),
            ("calls that failed", "; ".join([str(self.failed), *self.reasons])),
            ("packets lost", f"{self.lost} of {self.packets + self.lost}"),
            ("logs with a hole", _known(self.torn_logs, "{}")),
            ("center CPU a call-minute", _known(self.cpu_s_a_minute, "{:.2f} s")),
            ("center memory: before, most", _memory(self.cost)),
        ]


def set_up_of(calls: Sequence[Call]) -> Spread | None:
    """The figures of those that got so far."""
    return spread(call.set_up_ms for call in calls)


def let_in_of(calls: Sequence[Call]) -> Spread | None:
    """The center's part of the set-ups."""
    return spread(call.let_in_ms for call in calls)


def spread(known: Iterable[float | None]) -> Spread | None:
    """Of those that are known."""
    times = sorted(time for time in known if time is not None)
    if not times:
        return None
    return Spread(statistics.median(times), times[math.ceil(0.95 * len(times)) - 1], times[-1])


def _fare(fare: Fare) -> str:
    silent = fare.sound_ms == SILENCE_MS
    sound = "silence" if silent else f"{fare.sound_ms} ms in a packet of sound"
    return f"{fare.fps:g} pictures/s, {sound}"


def _times(times: Spread | None) -> str:
    if times is None:
        return "none"
    return f"{times.median:.0f} ms, {times.p95:.0f} ms, {times.most:.0f} ms"


def _known(figure: float | None, form: str) -> str:
    return "unknown" if figure is None else form.format(figure)


def _memory(cost: Cost | None) -> str:
    if cost is None:
        return "unknown"
    return f"{cost.memory / 1e6:.0f} MB, {cost.most_memory / 1e6:.0f} MB"
