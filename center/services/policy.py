"""What the city has decided: times, numbers, promises. Taken from the settings once."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from center.domain import calendar
from center.domain.errors import Forbidden
from center.domain.hours import Hours
from center.domain.rules import Rules
from config.settings import CenterSettings, QueueSettings


@dataclass(frozen=True, slots=True)
class Policy:
    """`promise_hour` is the local hour of the next working day by which a message is answered,
    `records` whether talks may be recorded at all."""

    rules: Rules
    zone: ZoneInfo
    hours: Hours
    number_prefix: str
    promise_hour: int
    records: bool = True

    @classmethod
    def of(cls, center: CenterSettings) -> Self:
        """From the center's settings."""
        zone = ZoneInfo(center.timezone)
        hour = center.queue.answer_promise_hour
        hours = Hours(center.hours, zone)
        return cls(
            rules_of(center.queue),
            zone,
            hours,
            center.number_prefix,
            hour,
            center.recording.enabled,
        )

    def require_records(self) -> None:
        """Raises Forbidden where this center does not record."""
        if not self.records:
            raise Forbidden("this center does not record")

    def day(self, now: datetime) -> date:
        """The city's calendar day."""
        return calendar.local_day(now, self.zone)

    def number(self, day: date, running: int) -> str:
        """A public number."""
        return calendar.public_number(self.number_prefix, day, running)

    def promise(self, now: datetime) -> datetime:
        """When a message left now is answered at the latest."""
        return calendar.promise(now, self.zone, self.promise_hour, self.hours)


def rules_of(queue: QueueSettings) -> Rules:
    """The domain's rules from the queue's settings."""
    return Rules(
        offer=timedelta(seconds=queue.offer_s),
        connect=timedelta(seconds=queue.connect_s),
        grace=timedelta(seconds=queue.grace_s),
        wrap_up=timedelta(seconds=queue.wrap_up_s),
        language_relax=timedelta(seconds=queue.language_relax_s),
        escalate=timedelta(seconds=queue.escalate_s),
        missed_to_away=queue.missed_to_away,
    )
