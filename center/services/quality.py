"""The record of how good a talk's line was."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from center.domain.errors import Forbidden
from center.domain.mediation import Seat
from center.domain.mediation_room import peer_of
from center.domain.quality import (
    ENGINE,
    Batch,
    Figures,
    Moment,
    Point,
    SeatBatch,
    Tally,
    began_at,
    moments,
    side_by_side,
    sum_up,
    thin,
)
from center.domain.rooms import engine_peer
from center.protocol.quality import (
    MediationQuality,
    QualityFigures,
    QualityLine,
    QualityMoment,
    QualityRecord,
    QualitySeat,
    QualitySide,
    RoomQualityReport,
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
            accepted, ended = consultation.accepted_at, consultation.talk_ended_at
            begun = _began(accepted, ended, record, self._clock.now())
            if begun is not None and await work.quality.add(
                _batch(consultation_id, side, record, begun)
            ):
                await work.commit()

    async def report_seat(self, peer: str, mediation_id: str, record: RoomQualityReport) -> None:
        """Keep one record of one link of a page in a mediation; as `report`.

        Raises:
            NotFound: no such mediation.
            Forbidden: this peer has no seat in it.
        """
        async with self._work() as work:
            mediation = await work.mediations.get(mediation_id)
            seats = {peer_of(seat): seat.seat_id for seat in mediation.seats}
            if peer not in seats:
                raise Forbidden(f"{peer} has no seat in {mediation_id}")
            engine = record.peer_id == engine_peer(mediation_id)
            towards = ENGINE if engine else seats.get(record.peer_id)
            begun = _began(mediation.opened_at, mediation.ended_at, record, self._clock.now())
            if towards is None or begun is None:
                return
            batch = SeatBatch(
                mediation_id, seats[peer], towards, record.page_session, record.number, begun,
                _points(record),
            )  # fmt: skip
            if await work.quality.add_of_seat(batch):
                await work.commit()

    async def of_mediation(self, mediation_id: str, staff_id: str | None) -> MediationQuality:
        """Every seat's lines, in the order of the seats, for whoever of the center has a seat; None
        is the office, which needs none.

        Raises:
            NotFound: no such mediation.
            Forbidden: the person has no seat in it.
        """
        async with self._work() as work:
            mediation = await work.mediations.get(mediation_id)
            if staff_id and staff_id not in {seat.staff_id for seat in mediation.seats}:
                raise Forbidden(f"{staff_id} has no seat in {mediation_id}")
            tallies = (await work.quality.tallies_of_seats([mediation_id])).get(mediation_id, {})
            batches = await work.quality.batches_of_seats(mediation_id)
        return MediationQuality(
            seats=tuple(_seat_view(seat, tallies, batches) for seat in mediation.seats)
        )


async def quality_sides(work: OfficeWork, consultation_id: str) -> tuple[QualitySide, ...]:
    """Figures and curve of each side that reported."""
    tallies = (await work.quality.tallies([consultation_id])).get(consultation_id, {})
    batches = await work.quality.batches(consultation_id)
    return tuple(
        QualitySide(
            side=side,
            figures=figures_view(figures),
            curve=_curve(moments(batch for batch in batches if batch.side is side)),
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


def _began(
    begun: datetime | None, ended: datetime | None, record: QualityRecord, now: datetime
) -> datetime | None:
    """When the record began; None when there was no talk, or it has long been over."""
    if begun is None or (ended is not None and now - ended > LATE):
        return None
    return began_at(record.at, len(record.points), begun, now)


def _points(record: QualityRecord) -> tuple[Point, ...]:
    return tuple(Point(**dict(point)) for point in record.points)


def _batch(consultation_id: str, side: PeerRole, record: QualityRecord, begun: datetime) -> Batch:
    return Batch(consultation_id, side, record.page_session, record.number, begun, _points(record))


def _seat_view(
    seat: Seat, tallies: Mapping[tuple[str, str], Tally], batches: Sequence[SeatBatch]
) -> QualitySeat:
    links = {towards: tally for (of, towards), tally in tallies.items() if of == seat.seat_id}
    figures = sum_up(links.values()).figures()
    series = moments(batch for batch in batches if batch.seat_id == seat.seat_id)
    return QualitySeat(
        seat_id=seat.seat_id,
        role=seat.role,
        figures=figures_view(figures) if figures else None,
        curve=_curve(side_by_side(series)),
        lines=tuple(
            QualityLine(towards=towards, figures=figures_view(one))
            for towards, tally in links.items()
            if (one := tally.figures()) is not None
        ),
    )


def _curve(series: Sequence[Moment]) -> tuple[QualityMoment, ...]:
    return tuple(
        QualityMoment(
            at=moment.at,
            mos=moment.point.mos,
            loss=moment.point.loss,
            round_trip_ms=moment.point.round_trip_ms,
            level=moment.point.level,
        )
        for moment in thin(series, CURVE_POINTS)
    )
