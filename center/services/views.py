"""Whole views for every screen, read from the rows in one transaction each.

Who may see what is decided here by what a view holds: the hall holds counts only, the queue shows
staff how somebody wishes to be called, and notes, advice and telephone numbers go to those who work
with them.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from center.domain import queue
from center.domain.consultation import QUEUED, TALKING, Consultation
from center.domain.duty import Duty
from center.domain.records import Confidence, Kiosk, Page, Staff
from center.domain.rooms import kiosk_peer, staff_peer
from center.protocol.papers import PapersView
from center.protocol.recording_view import RecordingView
from center.protocol.rest import ColleagueList
from center.protocol.views import (
    ColleagueView,
    ConsultationView,
    DutyView,
    HallView,
    LawyerView,
    MessageView,
    OfferView,
    PageView,
    PlaceView,
    StaffConsultationView,
    StaffView,
    WaitingRow,
)
from center.protocol.words import ConsultationState as State
from center.protocol.words import DutyState
from center.services.directory import on_duty
from center.services.papers import papers_view
from center.services.policy import Policy
from center.services.ports import Clock, UnitOfWork, UnitOfWorkFactory

RECENT = 20
"""Accepted waits that an estimate looks back at."""


class Views:
    """What screens read."""

    def __init__(self, uow: UnitOfWorkFactory, clock: Clock, policy: Policy) -> None:
        self._uow, self._clock, self._policy = uow, clock, policy

    async def head_seq(self) -> int:
        """The newest number of the log."""
        async with self._uow() as uow:
            return await uow.events.last_seq()

    async def hall(self) -> HallView:
        """What the home screens promise a resident who came now."""
        now = self._clock.now()
        async with self._uow() as uow:
            on = await uow.duties.all_on()
            waiting = await uow.consultations.queued()
            expected = await _estimate(uow, len(waiting) + 1, on)
        opening = self._policy.hours.at(now)
        return HallView(
            lawyers_on_duty=len(on),
            lawyers_free=sum(duty.state is DutyState.AVAILABLE for duty in on),
            waiting=len(waiting),
            estimate_s=_seconds(expected),
            next_answer_at=None if on else self._policy.promise(now),
            open=opening.open or bool(on),
            opens_at=opening.opens_at,
            closes_at=opening.closes_at,
        )

    async def of_kiosk(self, kiosk_id: str) -> ConsultationView | None:
        """The kiosk's newest consultation; None once it is rated, answered or left."""
        async with self._uow() as uow:
            consultation = await uow.consultations.newest_of_kiosk(kiosk_id)
            if consultation is None or _finished(consultation):
                return None
            place = await _place(uow, consultation)
            lawyer = await _lawyer(uow, consultation)
            pages = await uow.pages.of(consultation.id)
            unserved = place is not None and not await self._served(uow)
        view = _kiosk_view(consultation, place, lawyer, pages)
        return view.model_copy(update={"after_hours": unserved})

    async def waiting_kiosks(self) -> frozenset[str]:
        """Kiosks whose resident has a place in the queue."""
        async with self._uow() as uow:
            return frozenset(found.kiosk_id for found in await uow.consultations.queued())

    async def kiosk_changed_since(self, kiosk_id: str, seq: int) -> bool:
        """Whether the kiosk's newest consultation has events after `seq`."""
        async with self._uow() as uow:
            consultation = await uow.consultations.newest_of_kiosk(kiosk_id)
            if consultation is None:
                return False
            return await uow.events.last_seq(f"consultation:{consultation.id}") > seq

    async def queue(self) -> tuple[tuple[WaitingRow, ...], tuple[MessageView, ...]]:
        """Who waits or rings, in order; and the messages without an answer."""
        async with self._uow() as uow:
            waiting = queue.in_order(await uow.consultations.queued())
            rows = [await _row(uow, c) for c in waiting]
            messages = [await _message(uow, c) for c in await uow.consultations.messages()]
        return tuple(rows), tuple(messages)

    async def duty(self, staff_id: str) -> DutyView:
        """The person's presence."""
        async with self._uow() as uow:
            duty = await uow.duties.get(staff_id) or Duty.off(staff_id, self._clock.now())
        return DutyView(staff_id=staff_id, state=duty.state, missed=duty.missed, since=duty.since)

    async def colleagues(self, staff_id: str) -> ColleagueList:
        """Whom this person may hand a resident to."""
        async with self._uow() as uow:
            others = [pair for pair in await on_duty(uow) if pair[0].staff_id != staff_id]
        others.sort(key=lambda pair: (pair[1].state is not DutyState.AVAILABLE, pair[0].name))
        return ColleagueList(colleagues=tuple(_colleague(*pair) for pair in others))

    async def offer(self, staff_id: str) -> OfferView | None:
        """What rings for the person."""
        async with self._uow() as uow:
            rings = await uow.consultations.with_staff(staff_id)
        if rings is None or rings.state is not State.OFFERED or rings.deadline is None:
            return None
        return OfferView(consultation_id=rings.id, deadline=rings.deadline)

    async def of_staff(self, staff_id: str) -> StaffConsultationView | None:
        """What the person has in hand, from accepting to filing."""
        async with self._uow() as uow:
            mine = await uow.consultations.with_staff(staff_id)
            if mine is None or mine.state not in TALKING | {State.WRAP_UP}:
                return None
            kiosk = await uow.kiosks.get(mine.kiosk_id)
            said = await uow.confidences.get(mine.id)
            pages = await uow.pages.of(mine.id)
        view = _staff_view(mine, kiosk, said, pages)
        return view.model_copy(update={"may_record": self._policy.records})

    async def papers(self, consultation_id: str) -> PapersView:
        """What lies on the resident's screen, and all marks. Raises NotFound."""
        async with self._uow() as uow:
            return await papers_view(uow, await uow.consultations.get(consultation_id))

    async def _served(self, uow: UnitOfWork) -> bool:
        open_now = self._policy.hours.at(self._clock.now()).open
        return open_now or bool(await uow.duties.all_on())


def page_view(page: Page) -> PageView:
    """A page without what only the evidence needs."""
    return PageView(
        position=page.position,
        sha256=page.sha256,
        captured_at=page.captured_at,
        received_at=page.received_at,
        width=page.width,
        height=page.height,
        verdict=page.verdict,
        codes=page.codes,
        stage=page.stage,
    )


def _page_views(pages: Sequence[Page]) -> tuple[PageView, ...]:
    return tuple(page_view(page) for page in pages)


def _finished(c: Consultation) -> bool:
    over = c.state in (State.WRAP_UP, State.CLOSED)
    answered = c.state is State.CLOSED and c.talk_ended_at is None
    return c.state is State.LEFT or answered or (over and c.rating is not None)


def _seconds(duration: timedelta | None) -> int | None:
    return None if duration is None else round(duration.total_seconds())


async def _estimate(uow: UnitOfWork, position: int, on: Sequence[Duty]) -> timedelta | None:
    """Nothing is promised while nobody is on duty."""
    if not on:
        return None
    return queue.estimate(await uow.consultations.recent_waits(RECENT), position)


async def _place(uow: UnitOfWork, consultation: Consultation) -> PlaceView | None:
    if consultation.state not in QUEUED:
        return None
    waiting = queue.in_order(await uow.consultations.queued())
    place = queue.place_of(consultation, waiting)
    if place is None:
        return None
    expected = await _estimate(uow, place.position, await uow.duties.all_on())
    return PlaceView(
        position=place.position, estimate_s=_seconds(expected), moved_back=place.moved_back
    )


async def _lawyer(uow: UnitOfWork, consultation: Consultation) -> LawyerView | None:
    if consultation.staff_id is None:
        return None
    return lawyer_view(await uow.staff.get(consultation.staff_id))


def lawyer_view(staff: Staff) -> LawyerView:
    """What a resident learns of the person they talk with."""
    return LawyerView(
        staff_id=staff.staff_id, name=staff.name, office=staff.office, languages=staff.languages
    )


def staff_view(staff: Staff) -> StaffView:
    """A staff member as screens show one."""
    return StaffView(
        staff_id=staff.staff_id,
        name=staff.name,
        office=staff.office,
        role=staff.role,
        languages=staff.languages,
        townships=staff.townships,
        skills=staff.skills,
    )


def _colleague(staff: Staff, duty: Duty) -> ColleagueView:
    who = staff_view(staff)
    return ColleagueView(**dict(who), state=duty.state, since=duty.since)


def _kiosk_view(
    c: Consultation, place: PlaceView | None, lawyer: LawyerView | None, pages: Sequence[Page]
) -> ConsultationView:
    return ConsultationView(
        consultation_id=c.id,
        number=c.number,
        state=c.state,
        language=c.language,
        matter=c.matter,
        requested_at=c.requested_at,
        place=place,
        lawyer=lawyer,
        deadline=c.deadline,
        talk_started_at=c.talk_started_at,
        pages=_page_views(pages),
        cause=c.cause,
        rating=c.rating,
        slip_code=c.slip_code,
        answer_promised_at=c.answer_promised_at,
        recording=_recording(c, kiosk_peer(c.kiosk_id)).model_copy(update={"fault": None}),
    )


def _recording(c: Consultation, peer: str) -> RecordingView:
    known = c.recording
    return RecordingView(
        state=known.state,
        recording_id=known.recording_id,
        agreed=peer in known.agreed,
        since=known.since,
        cause=known.cause,
        fault=known.fault,
    )


async def _row(uow: UnitOfWork, c: Consultation) -> WaitingRow:
    kiosk, said = await uow.kiosks.get(c.kiosk_id), await uow.confidences.get(c.id)
    return WaitingRow(
        consultation_id=c.id,
        number=c.number,
        state=c.state,
        language=c.language,
        matter=c.matter,
        urgency=c.urgency,
        called_as=said.called_as,
        kiosk_id=c.kiosk_id,
        township=kiosk.township,
        hall=kiosk.hall,
        requested_at=c.requested_at,
        pages=c.pages,
        offered_to=c.staff_id,
        handed_on=c.head,
        wanted_staff_id=c.wanted_staff_id,
        wanted_skill=c.wanted_skill,
    )


async def _message(uow: UnitOfWork, c: Consultation) -> MessageView:
    kiosk, said = await uow.kiosks.get(c.kiosk_id), await uow.confidences.get(c.id)
    left_at = await _left_at(uow, c)
    return MessageView(
        consultation_id=c.id,
        number=c.number,
        language=c.language,
        matter=c.matter,
        called_as=said.called_as,
        phone=said.phone,
        text=said.message,
        township=kiosk.township,
        hall=kiosk.hall,
        left_at=left_at,
        promised_at=c.answer_promised_at or left_at,
        pages=_page_views(await uow.pages.of(c.id)),
    )


async def _left_at(uow: UnitOfWork, c: Consultation) -> datetime:
    entries = await uow.events.of(f"consultation:{c.id}")
    return next((e.at for e in entries if e.type == "message_left"), c.requested_at)


def _staff_view(
    c: Consultation, kiosk: Kiosk, said: Confidence, pages: Sequence[Page]
) -> StaffConsultationView:
    return StaffConsultationView(
        consultation_id=c.id,
        number=c.number,
        state=c.state,
        language=c.language,
        matter=c.matter,
        urgency=c.urgency,
        called_as=said.called_as,
        kiosk_id=c.kiosk_id,
        township=kiosk.township,
        hall=kiosk.hall,
        hall_phone=kiosk.hall_phone,
        requested_at=c.requested_at,
        accepted_at=c.accepted_at,
        talk_started_at=c.talk_started_at,
        talk_ended_at=c.talk_ended_at,
        deadline=c.deadline,
        pages=_page_views(pages),
        advice=said.advice,
        notes=said.notes,
        notes_saved_at=said.notes_saved_at,
        outcome=c.outcome,
        cause=c.cause,
        rating=c.rating,
        recording=_recording(c, staff_peer(c.staff_id or "")),
    )
