"""The record of how good a talk's line was."""

from dataclasses import asdict
from datetime import datetime, timedelta

from center.domain.consultation import Consultation
from center.domain.errors import Forbidden
from center.domain.quality import Batch, Figures, Point, began_at, moments, thin
from center.protocol.quality import (
    QualityFigures,
    QualityMoment,
    QualityRecord,
    QualitySide,
)
from center.protocol.words import PeerRole
from center.services.office import OfficeWork, OfficeWorkFactory
from center.services.ports import Clock

LATE = timedelta(seconds=60)
"""How long after the end of a talk its last points may come."""

CURVE_POINTS = 300
"""Most points of a curve; a chart is hardly wider."""


class QualityLog:
    """Keeps what the pages of a talk measure. It is no event: it changes nothing, wakes nobody."""

    def __init__(self, work: OfficeWorkFactory, clock: Clock) -> None:
        self._work, self._clock = work, clock

    async def report(
        self, side: PeerRole, who: str, consultation_id: str, record: QualityRecord
    ) -> None:
        """Keep one record of one side; a repeated one, or one of no talk, is nothing.

        Raises:
            NotFound: no such consultation.
            Forbidden: `who` (a kiosk or staff id) has no part in it.
        """
        async with self._work() as work:
            consultation = await work.consultations.get(consultation_id)
            if who != (consultation.kiosk_id if side is PeerRole.KIOSK else consultation.staff_id):
                raise Forbidden(f"{consultation_id} is not with {who}")
            begun = _begun(consultation, record, self._clock.now())
            if begun is not None and await work.quality.add(
                _batch(consultation_id, side, record, begun)
            ):
                await work.commit()


async def quality_sides(work: OfficeWork, consultation_id: str) -> tuple[QualitySide, ...]:
    """Figures and curve of each side that reported."""
    tallies = (await work.quality.tallies([consultation_id])).get(consultation_id, {})
    batches = await work.quality.batches(consultation_id)
    return tuple(
        QualitySide(
            side=side,
            figures=figures_view(figures),
            curve=_curve([batch for batch in batches if batch.side is side]),
        )
        for side, tally in tallies.items()
        if (figures := tally.figures()) is not None
    )


def figures_view(figures: Figures) -> QualityFigures:
    """Rounded for reading."""
    known = {name: value for name, value in asdict(figures).items() if name != "shares"}
    shares = {level.value: round(share, 4) for level, share in figures.shares.items()}
    rounded = {"loss": round(figures.loss, 4), "worst_loss": round(figures.worst_loss, 4)}
    return QualityFigures.model_validate(known | rounded | shares)


def _begun(consultation: Consultation, record: QualityRecord, now: datetime) -> datetime | None:
    """When the record began; None when there was no talk, or it has long been over."""
    accepted, ended = consultation.accepted_at, consultation.talk_ended_at
    if accepted is None or (ended is not None and now - ended > LATE):
        return None
    return began_at(record.at, len(record.points), accepted, now)


def _batch(consultation_id: str, side: PeerRole, record: QualityRecord, begun: datetime) -> Batch:
    points = tuple(Point(**dict(point)) for point in record.points)
    return Batch(consultation_id, side, record.page_session, record.number, begun, points)


def _curve(batches: list[Batch]) -> tuple[QualityMoment, ...]:
    return tuple(
        QualityMoment(
            at=moment.at,
            mos=moment.point.mos,
            loss=moment.point.loss,
            round_trip_ms=moment.point.round_trip_ms,
            level=moment.point.level,
        )
        for moment in thin(moments(batches), CURVE_POINTS)
    )
