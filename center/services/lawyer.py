"""The lawyer's side of a call: taking, talking, writing, handing on."""

from dataclasses import dataclass, replace

from center.domain import events as ev
from center.domain import queue
from center.domain.consultation import TALKING, Consultation
from center.domain.errors import Conflict, Forbidden, IllegalTransition, NobodyWaiting, OfferGone
from center.domain.matching import suits
from center.domain.records import Staff
from center.protocol.words import ConsultationState, Matter, Outcome, PeerRole
from center.services.base import CallService, of_staff, staff_actor
from center.services.directory import on_duty
from center.services.duty import refuse_in_mediation
from center.services.transactions import Ledger


@dataclass(frozen=True, slots=True)
class To:
    """Whom a resident is handed to: a person, somebody with a skill, or whoever is next."""

    staff_id: str | None = None
    skill: Matter | None = None


NEXT = To()


class LawyerCalls(CallService):
    """What a staff member may do with consultations."""

    async def accept(self, staff_id: str, consultation_id: str) -> None:
        """Take the ring; again is harmless. Raises NotFound, OfferGone."""

        async def work(ledger: Ledger) -> None:
            consultation = await ledger.uow.consultations.get(consultation_id)
            if consultation.staff_id == staff_id and consultation.state in TALKING:
                return
            await _answer_ring(ledger, consultation, staff_id, ev.Accepted())

        await self._transactions.run(work)

    async def decline(self, staff_id: str, consultation_id: str) -> None:
        """Pass on the ring; the resident keeps the place. Raises NotFound, OfferGone."""

        async def work(ledger: Ledger) -> None:
            consultation = await ledger.uow.consultations.get(consultation_id)
            await _answer_ring(ledger, consultation, staff_id, ev.Declined())

        await self._transactions.run(work)

    async def take(self, staff_id: str, consultation_id: str | None = None) -> str:
        """Take the named consultation, or the first in the queue that this person suits (the very
        first when none is), and return its id. What rings for the person already is accepted.

        Raises:
            Forbidden: the person's role is not to talk with residents.
            Conflict: they are in a mediation.
            NobodyWaiting: nothing was named and nobody waits.
            OfferGone: the named one does not wait any more.
            IllegalTransition: the person is off duty or has somebody already.
        """

        async def work(ledger: Ledger) -> str:
            staff = await _answering(ledger, staff_id)
            await refuse_in_mediation(ledger, staff_id)
            found = await _to_take(ledger, staff, consultation_id)
            rings = found.state is ConsultationState.OFFERED
            taken = ev.Accepted() if rings else ev.Taken(staff_id)
            await ledger.record(found, taken, staff_actor(staff_id))
            return found.id

        return await self._transactions.run(work)

    async def hang_up_staff(self, staff_id: str, consultation_id: str) -> None:
        """End the talk; harmless when the resident was faster. Raises NotFound, Forbidden."""

        async def work(ledger: Ledger) -> None:
            consultation = await of_staff(ledger, staff_id, consultation_id)
            if consultation.state in TALKING:
                ended = ev.HungUp(PeerRole.STAFF)
                await ledger.record(consultation, ended, staff_actor(staff_id))

        await self._transactions.run(work)

    async def save_notes(
        self, staff_id: str, consultation_id: str, notes: str, advice: str
    ) -> None:
        """Keep the draft as it is now, in whatever state. Raises NotFound, Forbidden."""

        async def work(ledger: Ledger) -> None:
            consultation = await of_staff(ledger, staff_id, consultation_id)
            await _keep(ledger, consultation, notes, advice)
            await ledger.announce("notes_saved", consultation, kiosk=False)

        await self._transactions.run(work)

    async def file(
        self, staff_id: str, consultation_id: str, notes: str, advice: str, outcome: Outcome
    ) -> None:
        """Close a consultation whose talk is over. One closed by time may still be filed.

        Raises:
            NotFound, Forbidden: not in this person's hands.
            IllegalTransition: the talk goes on.
        """

        async def work(ledger: Ledger) -> None:
            consultation = await of_staff(ledger, staff_id, consultation_id)
            await _keep(ledger, consultation, notes, advice)
            await ledger.record(consultation, ev.Filed(outcome), staff_actor(staff_id))

        await self._transactions.run(work)

    async def transfer(self, staff_id: str, consultation_id: str, to: To, reason: str) -> None:
        """Hand the resident back to the head of the queue, to the person or skill `to` names.

        The reason may speak of the matter: it goes to the top of the notes, not into the log.

        Raises:
            NotFound, Forbidden: not in this person's hands, or `to` is nobody or does not talk.
            Conflict: `to` is not on duty, or nobody else on duty has the skill.
            IllegalTransition: there is no talk, or `to` is the same person.
        """

        async def work(ledger: Ledger) -> None:
            consultation = await of_staff(ledger, staff_id, consultation_id)
            if to != NEXT:
                await _require_somebody(ledger, staff_id, to)
            handed_on = ev.Transferred(to.staff_id, to.skill)
            await ledger.record(consultation, handed_on, staff_actor(staff_id))
            name = (await ledger.uow.staff.get(staff_id)).name
            said = await ledger.uow.confidences.get(consultation_id)
            notes = f"⇄ {name}: {reason}\n{said.notes}"
            await _keep(ledger, consultation, notes, said.advice)

        await self._transactions.run(work)

    async def answer(self, staff_id: str, consultation_id: str, answer: str) -> None:
        """Answer a message. Raises NotFound, Forbidden; IllegalTransition when it has its
        answer."""

        async def work(ledger: Ledger) -> None:
            await _answering(ledger, staff_id)
            consultation = await ledger.uow.consultations.get(consultation_id)
            await ledger.record(consultation, ev.Answered(staff_id), staff_actor(staff_id))
            said = await ledger.uow.confidences.get(consultation_id)
            await ledger.uow.confidences.save(replace(said, answer=answer))

        await self._transactions.run(work)

    async def ask_capture(self, staff_id: str, consultation_id: str) -> None:
        """Ask the kiosk for a sharp picture; changes nothing but is heard by the kiosk.

        Raises:
            NotFound, Forbidden: not in this person's hands.
            IllegalTransition: there is no talk.
        """

        async def work(ledger: Ledger) -> None:
            consultation = await of_staff(ledger, staff_id, consultation_id)
            if consultation.state not in TALKING:
                raise IllegalTransition(f"{consultation.state}: nobody is at the desk")
            await ledger.announce("capture_asked", consultation, kiosk=True)

        await self._transactions.run(work)


async def _answering(ledger: Ledger, staff_id: str) -> Staff:
    staff = await ledger.uow.staff.get(staff_id)
    if not staff.answers:
        raise Forbidden(f"{staff_id} is {staff.role}")
    return staff


async def _require_somebody(ledger: Ledger, asker: str, to: To) -> None:
    """Otherwise the resident would wait at the head of the queue for nobody."""
    if to.staff_id is not None:
        await _answering(ledger, to.staff_id)
    fit = [
        staff.staff_id
        for staff, _ in await on_duty(ledger.uow)
        if to.staff_id == staff.staff_id or (to.skill in staff.skills and staff.staff_id != asker)
    ]
    if not fit:
        raise Conflict(f"nobody on duty is {to.staff_id or to.skill}")


async def _answer_ring(
    ledger: Ledger, consultation: Consultation, staff_id: str, event: ev.Accepted | ev.Declined
) -> None:
    if not _rings_for(consultation, staff_id):
        raise OfferGone(f"{consultation.id} does not ring for {staff_id}")
    await ledger.record(consultation, event, staff_actor(staff_id))


def _rings_for(consultation: Consultation, staff_id: str) -> bool:
    rings = consultation.state is ConsultationState.OFFERED
    return rings and consultation.staff_id == staff_id


async def _to_take(ledger: Ledger, staff: Staff, consultation_id: str | None) -> Consultation:
    if consultation_id is not None:
        named = await ledger.uow.consultations.get(consultation_id)
        if named.state is ConsultationState.WAITING or _rings_for(named, staff.staff_id):
            return named
        raise OfferGone(f"{consultation_id} is {named.state}")
    ordered = queue.in_order(await ledger.uow.consultations.queued())
    ringing = [c for c in ordered if _rings_for(c, staff.staff_id)]
    waiting = queue.waiting(ordered)
    suited = [c for c in waiting if suits(c, staff)]
    for found in (*ringing, *suited, *waiting):
        return found
    raise NobodyWaiting


async def _keep(ledger: Ledger, consultation: Consultation, notes: str, advice: str) -> None:
    said = await ledger.uow.confidences.get(consultation.id)
    kept = replace(said, notes=notes, advice=advice, notes_saved_at=ledger.now)
    await ledger.uow.confidences.save(kept)
