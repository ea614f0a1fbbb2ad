"""Figures of the usage log, as pure functions of consultations. Definitions after GB/T 33358.

wait     request to acceptance by the first lawyer; or to leaving, when nobody accepted
talk     both sides see each other to the end of the talk
abandoned    left the queue without lawyer and without leaving a question
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from statistics import fmean
from typing import Any
from zoneinfo import ZoneInfo

from center.domain.consultation import QUEUED, TALKING, Consultation
from center.domain.mediation import Mediation
from center.domain.quality import Tally
from center.domain.records import Kiosk
from center.protocol.quality import MediationUsage
from center.protocol.rest import Summary, UsageRow
from center.protocol.words import ConsultationState, QualityLevel
from center.services.office import UsageFact
from center.services.quality import figures_view

ANSWERED_S = 15
"""A call accepted within this many seconds counts as answered in time."""

WEAK = (QualityLevel.WEAK, QualityLevel.SOUND_ONLY, QualityLevel.BROKEN)
"""What a talk suffers from."""

DISSATISFIED = 2
"""Ratings up to this are followed up."""

WEEKS = 4
"""A normal day is the mean of the same weekday over this many weeks."""


def usage_row(fact: UsageFact, kiosks: Mapping[str, Kiosk], names: Mapping[str, str]) -> UsageRow:
    """One line of the log; `names` are of staff, by id."""
    found = fact.consultation
    kiosk = kiosks.get(found.kiosk_id)
    return UsageRow(
        consultation_id=found.id,
        number=found.number,
        state=found.state,
        kiosk_id=found.kiosk_id,
        township=found.township,
        hall=kiosk.hall if kiosk else "",
        language=found.language,
        matter=found.matter,
        urgency=found.urgency,
        requested_at=found.requested_at,
        lawyer=names.get(found.staff_id, found.staff_id) if found.staff_id else None,
        wait_s=_seconds(found.requested_at, found.accepted_at or fact.gave_up_at),
        talk_s=_seconds(found.talk_started_at, found.talk_ended_at),
        offers=found.offers,
        pages=found.pages,
        outcome=found.outcome,
        cause=found.cause,
        rating=found.rating,
        **_line(fact.quality),
    )


def mediation_row(found: Mediation, quality: Tally, names: Mapping[str, str]) -> MediationUsage:
    """One line of the mediations; `names` as in `usage_row`."""
    figures = quality.figures()
    return MediationUsage(
        mediation_id=found.id,
        number=found.number,
        state=found.state,
        mediator=names.get(found.mediator_id, found.mediator_id),
        language=found.language,
        second_language=found.second_language,
        scheduled_at=found.scheduled_at,
        opened_at=found.opened_at,
        duration_s=_seconds(found.opened_at, found.ended_at),
        seats=len(found.seats),
        engine=found.engine,
        figures=figures_view(figures) if figures else None,
    )


def _line(quality: Tally) -> dict[str, Any]:
    """The columns that say how the line was; none of a talk that nobody measured."""
    figures = quality.figures()
    if figures is None:
        return {}
    weak = sum(figures.shares[level] for level in WEAK)
    return {
        "mos": figures.mos,
        "worst_mos": figures.worst_mos,
        "loss_percent": round(100 * figures.loss, 1),
        "round_trip_ms": figures.round_trip_ms,
        "freezes": figures.freezes,
        "weak_percent": round(100 * weak, 1),
    }


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Begin and end of a local day."""
    begin = datetime.combine(day, time(), zone)
    return begin, datetime.combine(day + timedelta(days=1), time(), zone)


def normal_days(now: datetime, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """The same weekday of the weeks before, each from its begin to this time of the day."""
    local = now.astimezone(zone)
    moments = [local - timedelta(weeks=week) for week in range(1, WEEKS + 1)]
    return [(datetime.combine(moment.date(), time(), zone), moment) for moment in moments]


def summarize(
    day: date,
    zone: ZoneInfo,
    today: Sequence[Consultation],
    normal: Sequence[Sequence[Consultation]],
    running: Iterable[Consultation],
    lawyers_on_duty: int,
) -> Summary:
    """Today against normal days; `running` are all consultations that are not over."""
    states = [found.state for found in running]
    waits = list(_waits(today))
    ratings = [found.rating for found in today if found.rating is not None]
    return Summary(
        day=day,
        requested=len(today),
        connected=sum(found.talk_started_at is not None for found in today),
        abandoned=sum(found.state is ConsultationState.LEFT for found in today),
        waiting_now=sum(state in QUEUED for state in states),
        talking_now=sum(state in TALKING for state in states),
        lawyers_on_duty=lawyers_on_duty,
        answered_within_15_s=sum(wait <= ANSWERED_S for wait in waits),
        mean_wait_s=_mean(waits),
        mean_talk_s=_mean(_talks(today)),
        mean_rating=_mean(ratings),
        dissatisfied=sum(rating <= DISSATISFIED for rating in ratings),
        normal_requested=_mean([len(found) for found in normal]),
        normal_mean_wait_s=_mean([wait for found in normal for wait in _waits(found)]),
        by_hour=_by_hour(today, zone),
    )


def _waits(consultations: Iterable[Consultation]) -> Iterable[float]:
    for found in consultations:
        if found.accepted_at:
            yield (found.accepted_at - found.requested_at).total_seconds()


def _talks(consultations: Iterable[Consultation]) -> list[float]:
    return [
        (found.talk_ended_at - found.talk_started_at).total_seconds()
        for found in consultations
        if found.talk_started_at and found.talk_ended_at
    ]


def _by_hour(consultations: Iterable[Consultation], zone: ZoneInfo) -> tuple[int, ...]:
    hours = [found.requested_at.astimezone(zone).hour for found in consultations]
    return tuple(hours.count(hour) for hour in range(24))


def _mean(values: Sequence[float]) -> float | None:
    return round(fmean(values), 1) if values else None


def _seconds(begin: datetime | None, end: datetime | None) -> int | None:
    return round((end - begin).total_seconds()) if begin and end else None
