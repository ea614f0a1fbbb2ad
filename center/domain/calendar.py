"""Local days: of public numbers, and of promised answers."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from center.domain.hours import HORIZON, Hours

SATURDAY = 5


def local_day(now: datetime, zone: ZoneInfo) -> date:
    """The calendar day in the city at `now`."""
    return now.astimezone(zone).date()


def promise(now: datetime, zone: ZoneInfo, hour: int, hours: Hours) -> datetime:
    """`hour` o'clock of the next working day after today, city time, as UTC.

    Working days are those from Monday to Friday on which the service is open, so that the holidays
    which the hours name are none. A service closed for a month promises the next weekday.
    """
    today = local_day(now, zone)
    days = [today + timedelta(days=ahead) for ahead in range(1, HORIZON.days + 1)]
    weekdays = [day for day in days if day.weekday() < SATURDAY]
    day = next(filter(hours.open_on, weekdays), weekdays[0])
    return datetime.combine(day, time(hour), zone).astimezone(now.tzinfo)


def public_number(prefix: str, day: date, running: int) -> str:
    """Such as `YJ-20261121-0007`."""
    return f"{prefix}-{day:%Y%m%d}-{running:04d}"
