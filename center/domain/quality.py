"""How good the line of a talk was: points of two seconds from each side, and what they come to.

Each side's page measures what arrives there. Its points are added to a tally, which keeps what
the figures need and nothing else: opinions in a histogram, so that the median needs no points.
Tallies add up in any order, of pages, sides and talks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from center.protocol.words import PeerRole, QualityLevel

POINT_S = 2.0
"""What one point covers, seconds."""

BINS = 36
"""Mean opinion scores from 1.0 to 4.5, a tenth each."""

LEVELS = tuple(QualityLevel)


@dataclass(frozen=True, slots=True)
class Point:
    """Two seconds at one side.

    `mos` is 1 (bad) to 4.5 of the sound that arrived, None when none did; `loss` a share of
    packets, 0 to 1; rates are kbit/s.
    """

    mos: float | None
    loss: float
    round_trip_ms: int | None
    jitter_ms: int
    received_kbps: int
    sent_kbps: int
    freezes: int
    frozen_ms: int
    level: QualityLevel


@dataclass(frozen=True, slots=True)
class Figures:
    """What many points come to; shares are of time, 0 to 1, and add up to 1."""

    seconds: float
    mos: float | None
    worst_mos: float | None
    loss: float
    worst_loss: float
    round_trip_ms: int | None
    worst_round_trip_ms: int | None
    freezes: int
    frozen_s: float
    shares: Mapping[QualityLevel, float]


@dataclass(frozen=True, slots=True)
class Tally:
    """Sums of points; the empty one is of none."""

    points: int = 0
    opinions: tuple[int, ...] = (0,) * BINS
    levels: tuple[int, ...] = (0,) * len(LEVELS)
    loss: float = 0.0
    worst_loss: float = 0.0
    round_trips: int = 0
    round_trip_ms: int = 0
    worst_round_trip_ms: int = 0
    freezes: int = 0
    frozen_ms: int = 0

    def plus(self, points: Iterable[Point]) -> "Tally":
        """With these points too."""
        return sum_up((self, *map(_tally, points)))

    def figures(self) -> Figures | None:
        """None of no points."""
        if self.points == 0:
            return None
        trips = self.round_trips
        return Figures(
            seconds=self.points * POINT_S,
            mos=self._median(),
            worst_mos=next((_opinion(tenth) for tenth, n in enumerate(self.opinions) if n), None),
            loss=self.loss / self.points,
            worst_loss=self.worst_loss,
            round_trip_ms=round(self.round_trip_ms / trips) if trips else None,
            worst_round_trip_ms=self.worst_round_trip_ms if trips else None,
            freezes=self.freezes,
            frozen_s=self.frozen_ms / 1000,
            shares={level: n / self.points for level, n in zip(LEVELS, self.levels, strict=True)},
        )

    def _median(self) -> float | None:
        """The lower one of an even number."""
        half = (sum(self.opinions) + 1) // 2
        sums = enumerate(accumulate(self.opinions))
        return next((_opinion(tenth) for tenth, below in sums if half and below >= half), None)


def sum_up(tallies: Iterable[Tally]) -> Tally:
    """One tally of all."""
    found = tuple(tallies)
    return Tally(**{field.name: _joined(field.name, found) for field in fields(Tally)})


def began_at(said: datetime, points: int, accepted_at: datetime, now: datetime) -> datetime:
    """When a batch began: as its page says, as far as that can be. Clocks of halls go wrong."""
    latest = now - timedelta(seconds=POINT_S * points)
    return max(accepted_at, min(said, latest))


@dataclass(frozen=True, slots=True)
class Batch:
    """Points in a row from one page; `number` rises with each batch of a page."""

    consultation_id: str
    side: PeerRole
    page_session: str
    number: int
    began_at: datetime
    points: tuple[Point, ...]


ENGINE = "engine"
"""In place of a seat: what brings everybody else in a larger room."""


@dataclass(frozen=True, slots=True)
class SeatBatch:
    """The same from one page of a mediation: how `seat_id` received `towards`, a seat or ENGINE."""

    mediation_id: str
    seat_id: str
    towards: str
    page_session: str
    number: int
    began_at: datetime
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """A point and when it began; of a thinned series, the worst of a stretch."""

    at: datetime
    point: Point


def moments(batches: Iterable[Batch | SeatBatch]) -> list[Moment]:
    """All points in order of time."""
    found = [
        Moment(batch.began_at + timedelta(seconds=POINT_S * index), point)
        for batch in batches
        for index, point in enumerate(batch.points)
    ]
    return sorted(found, key=lambda moment: moment.at)


def side_by_side(series: Sequence[Moment]) -> list[Moment]:
    """Of lines that run at the same time, in order of time: the worst of them, a point long."""
    worst: dict[int, Moment] = {}
    for moment in series:
        slot = round((moment.at - series[0].at).total_seconds() / POINT_S)
        worst[slot] = max(worst.get(slot, moment), moment, key=_badness)
    return list(worst.values())


def thin(series: Sequence[Moment], most: int) -> list[Moment]:
    """At most `most` moments; each is the worst of its stretch, so that no dip gets lost."""
    stretch = -(-len(series) // most)
    begins = range(0, len(series), stretch or 1)
    return [max(series[i : i + stretch], key=_badness) for i in begins]


def _badness(moment: Moment) -> tuple[int, float, float]:
    point = moment.point
    return LEVELS.index(point.level), -(point.mos or 0.0), point.loss


def _tally(point: Point) -> Tally:
    trip = point.round_trip_ms
    return Tally(
        points=1,
        opinions=tuple(int(tenth == _tenth(point.mos)) for tenth in range(BINS)),
        levels=tuple(int(level is point.level) for level in LEVELS),
        loss=point.loss,
        worst_loss=point.loss,
        round_trips=int(trip is not None),
        round_trip_ms=trip or 0,
        worst_round_trip_ms=trip or 0,
        freezes=point.freezes,
        frozen_ms=point.frozen_ms,
    )


def _joined(name: str, tallies: Sequence[Tally]) -> Any:
    values = [getattr(tally, name) for tally in tallies] or [getattr(Tally(), name)]
    if isinstance(values[0], tuple):
        return tuple(map(sum, zip(*values, strict=True)))
    return max(values) if name.startswith("worst_") else sum(values)


def _tenth(mos: float | None) -> int | None:
    return None if mos is None else min(BINS - 1, max(0, round((mos - 1) * 10)))


def _opinion(tenth: int) -> float:
    return round(1 + tenth / 10, 1)
