"""What points come to: tallies that add up in any order, medians, curves that lose no dip."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from statistics import median_low

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.domain.quality import (
    Batch,
    Point,
    Tally,
    began_at,
    moments,
    side_by_side,
    sum_up,
    thin,
)
from center.protocol.words import PeerRole, QualityLevel

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


def point(
    mos: float | None = 4.3, level: QualityLevel = QualityLevel.GOOD, **changes: int
) -> Point:
    known = {"round_trip_ms": 40, "jitter_ms": 3, "freezes": 0, "frozen_ms": 0, "loss": 0}
    return Point(mos=mos, level=level, received_kbps=500, sent_kbps=400, **known | changes)


points = st.builds(
    Point,
    mos=st.none() | st.integers(10, 45).map(lambda tenths: tenths / 10),
    loss=st.sampled_from([0.0, 0.25, 0.5]),
    round_trip_ms=st.none() | st.integers(0, 5000),
    jitter_ms=st.just(0),
    received_kbps=st.just(0),
    sent_kbps=st.just(0),
    freezes=st.integers(0, 3),
    frozen_ms=st.integers(0, 2000),
    level=st.sampled_from(QualityLevel),
)


@given(st.lists(points, max_size=40), st.integers(0, 40))
def test_tallies_add_up_however_the_points_came(all_points: list[Point], cut: int) -> None:
    whole = Tally().plus(all_points)
    first, second = Tally().plus(all_points[:cut]), Tally().plus(all_points[cut:])
    assert sum_up([second, first]) == first.plus(all_points[cut:]) == whole


@given(st.lists(points, min_size=1, max_size=40))
def test_the_median_is_that_of_the_opinions(all_points: list[Point]) -> None:
    figures = Tally().plus(all_points).figures()
    assert figures is not None
    opinions = [found.mos for found in all_points if found.mos is not None]
    assert figures.mos == (median_low(opinions) if opinions else None)
    assert figures.worst_mos == min(opinions, default=None)
    assert sum(figures.shares.values()) == pytest.approx(1)


def test_figures_of_a_talk() -> None:
    bad = point(2.0, QualityLevel.SOUND_ONLY, freezes=2, frozen_ms=900, round_trip_ms=400)
    figures = Tally().plus([point(), point(), point(4.0), bad]).figures()
    assert figures is not None
    assert (figures.seconds, figures.mos, figures.worst_mos) == (8.0, 4.0, 2.0)
    assert (figures.round_trip_ms, figures.worst_round_trip_ms) == (130, 400)
    assert (figures.freezes, figures.frozen_s) == (2, 0.9)
    assert figures.shares[QualityLevel.SOUND_ONLY] == 0.25


def test_nothing_was_measured() -> None:
    assert Tally().figures() is None
    assert sum_up([]) == Tally()


@pytest.mark.parametrize(
    ("said", "begun"),
    [
        (timedelta(seconds=-60), timedelta(seconds=-60)),
        (timedelta(hours=5), timedelta(seconds=-20)),
        (timedelta(hours=-5), timedelta(minutes=-10)),
    ],
)
def test_a_clock_that_is_wrong_is_corrected(said: timedelta, begun: timedelta) -> None:
    accepted = NOW - timedelta(minutes=10)
    assert began_at(NOW + said, 10, accepted, NOW) == NOW + begun


def batch(begin: datetime, *found: Point) -> Batch:
    return Batch("c1", PeerRole.KIOSK, "page", 1, begin, found)


def opinions(series: Sequence[Batch], most: int) -> list[float | None]:
    return [moment.point.mos for moment in thin(moments(series), most)]


def test_a_curve_is_in_order_and_thinned_to_its_worst() -> None:
    dip = point(1.5, QualityLevel.WEAK)
    later = batch(NOW + timedelta(seconds=20), point(4.1), dip, point(4.2))
    series = [later, batch(NOW, point(4.4), point(4.3))]
    assert opinions(series, 10) == [4.4, 4.3, 4.1, 1.5, 4.2]
    assert opinions(series, 2) == [4.1, 1.5]
    assert opinions([], 10) == []


def test_lines_that_run_together_are_as_good_as_the_worst_of_them() -> None:
    dip = point(1.5, QualityLevel.WEAK)
    one = batch(NOW, point(4.4), point(4.3), point(4.2))
    other = batch(NOW + timedelta(seconds=2.3), dip, point(4.4))
    seen = side_by_side(moments([one, other]))
    assert [moment.point.mos for moment in seen] == [4.4, 1.5, 4.2]
    assert side_by_side([]) == []
