"""Local days: of public numbers, and of promised answers."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5


def local_day(now: datetime, zone: ZoneInfo) -> date:
    """The calendar day in the city at `now`."""
    return now.astimezone(zone).date()


def promise(now: datetime, zone: ZoneInfo, hour: int) -> datetime:
    """`hour` o'clock of the next working day after today, city time, as UTC.

    Working days are Monday to Friday. Public holidays are set by decree each year and not known
    here.
    """
    day = local_day(now, zone) + timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return datetime.combine(day, time(hour), zone).astimezone(now.tzinfo)


def public_number(prefix: str, day: date, running: int) -> str:
    """Such as `YJ-20261121-0007`."""
    return f"{prefix}-{day:%Y%m%d}-{running:04d}"
