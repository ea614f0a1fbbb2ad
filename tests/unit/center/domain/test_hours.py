"""When the service is open."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from center.domain.hours import Hours, Opening

CITY = ZoneInfo("Asia/Shanghai")
OFFICE = "Mo-Fr 08:30-11:30,13:30-17:00; 2026 Oct 1-8 off; 2026 Oct 10 08:30-17:00"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-20T00:29:59", Opening(False, opens_at=utc("2026-11-20T00:30"))),
        ("2026-11-20T00:30", Opening(True, closes_at=utc("2026-11-20T03:30"))),
        ("2026-11-20T03:30", Opening(False, opens_at=utc("2026-11-20T05:30"))),  # noon break
        ("2026-11-20T09:00", Opening(False, opens_at=utc("2026-11-23T00:30"))),  # the weekend
        ("2026-10-01T02:00", Opening(False, opens_at=utc("2026-10-09T00:30"))),  # National Day
        ("2026-10-10T04:00", Opening(True, closes_at=utc("2026-10-10T09:00"))),  # in exchange
    ],
)
def test_the_hours_are_those_of_the_city(now: str, expected: Opening) -> None:
    opening = Hours(OFFICE, CITY).at(utc(now))
    assert opening == expected
    assert all(at.tzinfo is UTC for at in (opening.opens_at, opening.closes_at) if at)


@pytest.mark.parametrize(("notation", "is_open"), [("24/7", True), ("off", False)])
def test_hours_without_an_end(notation: str, is_open: bool) -> None:
    assert Hours(notation, CITY).at(utc("2026-11-20T02:00")) == Opening(is_open)


def test_an_opening_far_away_is_not_announced() -> None:
    assert Hours("2027 Mo-Fr 09:00-17:00", CITY).at(utc("2026-11-20T02:00")) == Opening(False)


def test_days_with_and_without_opening() -> None:
    hours = Hours(OFFICE, CITY)
    days = [date(2026, 10, 8), date(2026, 10, 9), date(2026, 10, 10), date(2026, 10, 11)]
    assert [hours.open_on(day) for day in days] == [False, True, True, False]
