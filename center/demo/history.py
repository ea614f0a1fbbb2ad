"""Some weeks of finished consultations, each told by events that the machine accepted.

Working days, one visit after the other, so that the log's order is also the order of time. The same
random seed tells the same story.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from center.domain import duty as duties
from center.domain import events as ev
from center.domain.consultation import Consultation, OnDuty
from center.domain.duty import Duty, DutyEvent
from center.domain.log import encode
from center.domain.transitions import advance
from center.protocol.rest import KioskCreate, StaffCreate
from center.protocol.words import DutyState, Language, Matter, MediaState, Outcome, PeerRole
from center.services.policy import Policy
from center.services.ports import NewEvent

WEEKS = 5
FIRST_HOUR, LAST_HOUR = time(9, 0), time(16, 30)
SATURDAY = 5

Entry = tuple[str, int, NewEvent]
"""Stream, version, event."""

Plan = list[tuple[timedelta, ev.Event, str]]
"""After the event before, what happens, by whom."""


@dataclass
class Chronicle:
    """Writes the story; afterwards `entries` are the log and `consultations`, `duties` its rows."""

    policy: Policy
    kiosks: tuple[KioskCreate, ...]
    lawyers: tuple[StaffCreate, ...]
    chance: Random = field(default_factory=lambda: Random(20261121))  # noqa: S311 - no secret
    entries: list[Entry] = field(default_factory=list)
    consultations: list[Consultation] = field(default_factory=list)
    duties: dict[str, Duty] = field(default_factory=dict)

    def write(self, now: datetime) -> None:
        """Tell every working day from `WEEKS` ago until shortly before `now`."""
        today = self.policy.day(now)
        for ago in range(7 * WEEKS, -1, -1):
            day = today - timedelta(days=ago)
            if day.weekday() < SATURDAY:
                self._day(day, now - timedelta(minutes=40))

    def _day(self, day: date, until: datetime) -> None:
        zone = self.policy.zone
        at = datetime.combine(day, FIRST_HOUR, zone)
        close = min(datetime.combine(day, LAST_HOUR, zone), until.astimezone(zone))
        if at >= close:
            return
        for lawyer in self.lawyers:
            self._went(lawyer.username, DutyState.AVAILABLE, at)
        running = 0
        at += self._minutes(2, 30)
        while at < close:
            running += 1
            at = self._visit(day, running, at) + self._minutes(4, 55)
        for lawyer in self.lawyers:
            self._went(lawyer.username, DutyState.OFF, max(at, close))

    def _visit(self, day: date, running: int, at: datetime) -> datetime:
        """One consultation from request to file; returns when it was over."""
        arrival = self._arrival(day, running)
        actor = f"kiosk:{arrival.kiosk_id}"
        step = advance(None, arrival, at, self.policy.rules)
        told = self._tell(step.consultation, arrival, at, actor)
        for after, event, by in self._plan(told):
            at += after
            step = advance(told, event, at, self.policy.rules)
            told = self._tell(step.consultation, event, at, by)
            self._effects(step.effects, at, by)
        self.consultations.append(told)
        return at

    def _arrival(self, day: date, running: int) -> ev.Requested:
        kiosk = self.chance.choice(self.kiosks)
        return ev.Requested(
            consultation_id=f"demo-{day:%Y%m%d}-{running:04d}",
            number=self.policy.number(day, running),
            slip_code=f"{self.chance.randrange(1_000_000):06d}",
            kiosk_id=kiosk.kiosk_id,
            township=kiosk.township,
            client_ref=f"demo-{day:%Y%m%d}-{running:04d}",
            consent_version="1",
            language=self.chance.choices(list(Language), (70, 26, 4))[0],
            matter=self.chance.choice(list(Matter)),
            place=1,
        )

    def _plan(self, consultation: Consultation) -> Plan:
        resident = f"kiosk:{consultation.kiosk_id}"
        fate = self.chance.random()
        if fate < 0.06:
            return [(self._seconds(30, 290), ev.Left(), resident)]
        lawyer = self._lawyer(consultation.language)
        if fate < 0.10:
            promised = self.policy.promise(consultation.requested_at)
            left = (self._seconds(20, 55), ev.MessageLeft(promised), resident)
            answered = ev.Answered(lawyer)
            return [left, (self._minutes(20, 90), answered, f"staff:{lawyer}")]
        return [*self._talk(lawyer, resident), *self._afterwards(lawyer, resident)]

    def _talk(self, lawyer: str, resident: str) -> Iterator[tuple[timedelta, ev.Event, str]]:
        staff = f"staff:{lawyer}"
        if self.chance.random() < 0.15:
            yield timedelta(seconds=60), ev.Relaxed(), "center"
        yield self._seconds(0, 12), ev.Offered(lawyer), "center"
        yield self._seconds(3, 14), ev.Accepted(), staff
        for side, by in ((PeerRole.KIOSK, resident), (PeerRole.STAFF, staff)):
            yield timedelta(milliseconds=400), ev.MediaReported(side, MediaState.UP), by
        for position in range(1, self.chance.choice((0, 0, 1, 2, 3)) + 1):
            sha256 = hashlib.sha256(self.chance.randbytes(16)).hexdigest()
            yield self._seconds(15, 80), ev.PageAdded(position, sha256), resident
        by_resident = self.chance.random() < 0.7
        side = PeerRole.KIOSK if by_resident else PeerRole.STAFF
        yield self._minutes(3, 16), ev.HungUp(side), resident if by_resident else staff

    def _afterwards(self, lawyer: str, resident: str) -> Iterator[tuple[timedelta, ev.Event, str]]:
        if self.chance.random() < 0.85:
            score = self.chance.choices((5, 4, 3, 2, 1), (60, 25, 9, 4, 2))[0]
            yield self._seconds(4, 20), ev.Rated(score), resident
        weights = (60, 8, 10, 3, 4, 5, 1, 3, 6)
        outcome = self.chance.choices(list(Outcome), weights)[0]
        yield self._minutes(1, 6), ev.Filed(outcome), f"staff:{lawyer}"

    def _lawyer(self, language: Language) -> str:
        able = [lawyer for lawyer in self.lawyers if language in lawyer.languages]
        return self.chance.choice(able).username

    def _tell(self, told: Consultation, event: ev.Event, at: datetime, actor: str) -> Consultation:
        self._enter(f"consultation:{told.id}", told.version, event, at, actor)
        return told

    def _effects(self, effects: tuple[OnDuty, ...], at: datetime, actor: str) -> None:
        for effect in effects:
            self._on_duty(effect.staff_id, effect.event, at, actor)

    def _went(self, staff_id: str, to: DutyState, at: datetime) -> None:
        self._on_duty(staff_id, duties.Went(to), at, f"staff:{staff_id}")

    def _on_duty(self, staff_id: str, event: DutyEvent, at: datetime, actor: str) -> None:
        before = self.duties.get(staff_id) or Duty.off(staff_id, at)
        after = duties.advance(before, event, at, self.policy.rules)
        self.duties[staff_id] = after
        self._enter(f"duty:{staff_id}", after.version, event, at, actor)

    def _enter(
        self, stream: str, version: int, event: ev.Event | DutyEvent, at: datetime, actor: str
    ) -> None:
        kind, data = encode(event)
        self.entries.append((stream, version, NewEvent(kind, at, actor, data)))

    def _seconds(self, least: int, most: int) -> timedelta:
        return timedelta(seconds=self.chance.randint(least, most))

    def _minutes(self, least: int, most: int) -> timedelta:
        return self._seconds(60 * least, 60 * most)
