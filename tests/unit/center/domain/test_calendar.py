"""Local days and promised answers."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from center.domain.calendar import local_day, promise, public_number
from center.domain.hours import Hours

CITY = ZoneInfo("Asia/Shanghai")
ALWAYS = Hours("24/7", CITY)


@pytest.mark.parametrize(
    ("now", "promised"),
    [
        ("2026-11-16T01:00", "2026-11-17T02:00"),  # Monday morning: Tuesday, ten o'clock there
        ("2026-11-16T17:00", "2026-11-18T02:00"),  # Tuesday one o'clock at night there
        ("2026-11-20T01:00", "2026-11-23T02:00"),  # Friday: Monday
        ("2026-11-21T01:00", "2026-11-23T02:00"),  # Saturday
        ("2026-11-22T01:00", "2026-11-23T02:00"),  # Sunday
    ],
)
def test_an_answer_is_promised_for_the_next_working_day(now: str, promised: str) -> None:
    at = promise(datetime.fromisoformat(now).replace(tzinfo=UTC), CITY, 10, ALWAYS)
    assert at == datetime.fromisoformat(promised).replace(tzinfo=UTC)
    assert at.utcoffset() == datetime.now(UTC).utcoffset()


@pytest.mark.parametrize(
    ("hours", "promised"),
    [
        ("Mo-Fr 08:30-17:00; 2026 Oct 1-8 off; 2026 Oct 10 08:30-17:00", "2026-10-09T02:00"),
        ("24/7; 2026 Oct 1-9 off", "2026-10-12T02:00"),  # no promise falls on the weekend
        ("off", "2026-10-01T02:00"),  # closed for good, but somebody was asked
    ],
)
def test_no_answer_is_promised_for_a_holiday(hours: str, promised: str) -> None:
    wednesday = datetime(2026, 9, 30, 9, tzinfo=UTC)
    at = promise(wednesday, CITY, 10, Hours(hours, CITY))
    assert at == datetime.fromisoformat(promised).replace(tzinfo=UTC)


def test_the_day_changes_at_midnight_in_the_city() -> None:
    assert local_day(datetime(2026, 11, 20, 15, 59, tzinfo=UTC), CITY) == date(2026, 11, 20)
    assert local_day(datetime(2026, 11, 20, 16, 0, tzinfo=UTC), CITY) == date(2026, 11, 21)


def test_public_numbers() -> None:
    assert public_number("YJ", date(2026, 11, 21), 7) == "YJ-20261121-0007"
    assert public_number("YJ", date(2026, 11, 21), 12345) == "YJ-20261121-12345"
