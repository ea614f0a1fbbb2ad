"""A mediation as each of its people may see it.

Codes and the draft go to the mediator alone. Of one who is protected the others learn the role and
the language only.
"""

from collections.abc import Mapping

from center.domain.agreement import Agreement
from center.domain.mediation import PRESENT, Mediation, Seat
from center.domain.mediation_room import apart, peer_of
from center.domain.mediation_words import ClauseWords, MediationWords
from center.domain.recording import LIVE as LIVE_RECORDING
from center.protocol.mediation import (
    AgreementView,
    ClauseView,
    MarkView,
    MediationList,
    MediationView,
    PhotoView,
    SeatView,
    SignatureView,
)
from center.protocol.mediation_acts import Clause
from center.protocol.recording_view import MediationRecordingView
from center.protocol.words import Protection, RecordingState, SeatRole, SeatState
from center.services.ports import UnitOfWork, UnitOfWorkFactory

HISTORY = 50
"""Mediations that a person is shown, newest first."""


class MediationViews:
    """Reads whole views, each in one transaction."""

    def __init__(self, uow: UnitOfWorkFactory, *, records: bool = True) -> None:
        """`records` says whether this center records at all."""
        self._uow, self._records = uow, records

    async def at_kiosks(self) -> dict[str, MediationView]:
        """The mediations in which somebody at a kiosk waits or is, by kiosk."""
        async with self._uow() as uow:
            return {
                seat.kiosk_id: await self._view(uow, mediation, seat)
                for mediation in await uow.mediations.live()
                for seat in mediation.seats
                if seat.kiosk_id is not None and seat.state in PRESENT
            }

    async def of_staff(self, staff_id: str) -> tuple[MediationView, ...]:
        """Present and coming mediations in which this person has a seat."""
        async with self._uow() as uow:
            live = await uow.mediations.live()
            return await self._views(uow, live, staff_id)

    async def history(self, staff_id: str) -> MediationList:
        """Those and the past ones, newest first."""
        async with self._uow() as uow:
            found = await uow.mediations.with_staff(staff_id, HISTORY)
            return MediationList(mediations=await self._views(uow, found, staff_id))

    async def _views(
        self, uow: UnitOfWork, found: tuple[Mediation, ...], staff_id: str
    ) -> tuple[MediationView, ...]:
        mine = [(m, seat) for m in found for seat in m.seats if seat.staff_id == staff_id]
        return tuple([await self._view(uow, mediation, seat) for mediation, seat in mine])

    async def _view(self, uow: UnitOfWork, mediation: Mediation, you: Seat) -> MediationView:
        words = await uow.mediations.words(mediation.id)
        places = {seat.seat_id: await _place(uow, seat) for seat in mediation.seats}
        view = view_of(mediation, words, places, you)
        shown = recording_view(mediation, you, records=self._records)
        return view.model_copy(update={"recording": shown})


async def _place(uow: UnitOfWork, seat: Seat) -> str:
    if seat.staff_id is not None:
        return (await uow.staff.get(seat.staff_id)).office
    return (await uow.kiosks.get(seat.kiosk_id)).hall if seat.kiosk_id else ""


def view_of(
    mediation: Mediation, words: MediationWords, places: Mapping[str, str], you: Seat
) -> MediationView:
    """The mediation as whoever has the seat `you` sees it."""
    leads = you.role is SeatRole.MEDIATOR
    return MediationView(
        mediation_id=mediation.id,
        number=mediation.number,
        title=words.title,
        matter=mediation.matter,
        language=mediation.language,
        second_language=mediation.second_language,
        state=mediation.state,
        scheduled_at=mediation.scheduled_at,
        opened_at=mediation.opened_at,
        ended_at=mediation.ended_at,
        locked=mediation.locked,
        moving=mediation.moving,
        you=you.seat_id,
        side=mediation.side,
        seats=tuple(_seat(mediation, seat, words, places, you) for seat in mediation.seats),
        agreement=_agreement(mediation.agreement, words),
        draft=tuple(map(_clause, words.draft)) if leads else (),
    )


def recording_view(mediation: Mediation, you: Seat, *, records: bool) -> MediationRecordingView:
    """The recording as whoever has the seat `you` sees it: who else has agreed, or not yet, is for
    the mediator; what fails, for those of the center."""
    leads, known = you.role is SeatRole.MEDIATOR, mediation.recording
    return MediationRecordingView(
        state=known.state,
        recording_id=known.recording_id,
        agreed=you.seat_id in known.agreed,
        since=known.since,
        cause=known.cause,
        fault=known.fault if you.staff_id and mediation.recorded else None,
        paused=known.state is RecordingState.RUNNING and not mediation.recorded,
        agreed_seats=tuple(sorted(known.agreed)) if leads else (),
        may_ask=leads and records and known.state not in LIVE_RECORDING,
    )


def _seat(
    mediation: Mediation,
    seat: Seat,
    words: MediationWords,
    places: Mapping[str, str],
    you: Seat,
) -> SeatView:
    leads, mine = you.role is SeatRole.MEDIATOR, you.seat_id == seat.seat_id
    told = leads or mine or seat.protection is Protection.NONE
    hands = mediation.hands
    return SeatView(
        seat_id=seat.seat_id,
        role=seat.role,
        name=words.names.get(seat.seat_id, "") if told else "",
        place=places.get(seat.seat_id, "") if told else "",
        language=seat.language,
        state=seat.state,
        peer_id=peer_of(seat) if seat.state is SeatState.ADMITTED else None,
        staff_id=seat.staff_id if told else None,
        protection=seat.protection,
        muted=seat.muted,
        speech_asked=seat.speech_asked,
        hand=hands.index(seat.seat_id) + 1 if seat.seat_id in hands else None,
        has_floor=mediation.floor == seat.seat_id,
        apart=apart(mediation, seat),
        listens=seat.listens,
        code=(seat.code or None) if leads or mine else None,
    )


def _agreement(agreement: Agreement, words: MediationWords) -> AgreementView | None:
    if agreement.clauses == 0:
        return None
    return AgreementView(
        edition=agreement.edition,
        clauses=tuple(
            _clause_view(number, clause, agreement)
            for number, clause in enumerate(words.clauses, start=1)
        ),
        signatures=tuple(SignatureView(seat_id=s.seat_id, at=s.at) for s in agreement.signatures),
        photos=tuple(
            PhotoView(seat_id=p.seat_id, taken=p.sha256 is not None) for p in agreement.photos
        ),
        sealed_at=agreement.sealed_at,
        sha256=agreement.sealed_sha256,
    )


def _clause_view(number: int, clause: ClauseWords, agreement: Agreement) -> ClauseView:
    marks = tuple(
        MarkView(seat_id=mark.seat_id, agreed=mark.agreed, at=mark.at)
        for mark in agreement.marks
        if mark.clause == number
    )
    return ClauseView(number=number, first=clause.first, second=clause.second, marks=marks)


def _clause(clause: ClauseWords) -> Clause:
    return Clause(first=clause.first, second=clause.second)
