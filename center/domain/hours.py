"""When the service is open, said in OpenStreetMap's `opening_hours` notation and city time.

`24/7` never closes; `Mo-Fr 08:30-11:30,13:30-17:00; 2026 Oct 1-8 off; 2026 Oct 10 08:30-17:00`
has a noon break, a holiday and a Saturday worked in exchange.
https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours, State

HORIZON = timedelta(days=31)
"""An opening further away is not announced."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The hours as they stand at a moment.

    `opens_at` is the next opening, None while open or when there is none within the horizon;
    `closes_at` the end of the present opening, None while closed or when it has no end. Aware UTC.
    """

    open: bool
    opens_at: datetime | None = None
    closes_at: datetime | None = None


class Hours:
    """The hours of one city."""

    def __init__(self, notation: str, zone: ZoneInfo) -> None:
        """Raises opening_hours.ParserError: it is not this notation (settings refuse it before)."""
        self._hours, self._zone = OpeningHours(notation, timezone=zone), zone

    def at(self, now: datetime) -> Opening:
        """The hours at `now`."""
        local = now.astimezone(self._zone)
        if self._hours.is_open(local):
            end = self._hours.next_change(local)
            return Opening(open=True, closes_at=end and end.astimezone(now.tzinfo))
        begin = self._next_begin(local, local + HORIZON)
        return Opening(open=False, opens_at=begin and begin.astimezone(now.tzinfo))

    def open_on(self, day: date) -> bool:
        """Whether the service is open at any time of this local day."""
        begin = datetime.combine(day, time(), self._zone)
        end = datetime.combine(day + timedelta(days=1), time(), self._zone)
        return self._next_begin(begin, end) is not None

    def _next_begin(self, since: datetime, until: datetime) -> datetime | None:
        intervals = self._hours.intervals(since, until)
        return next((begin for begin, _, state, _ in intervals if state is State.OPEN), None)
