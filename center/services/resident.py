"""The resident's side of a call: asking, waiting, giving up, rating.

A kiosk on a poor line repeats what it asked when no answer came. So each of these, done again,
changes nothing and succeeds.
"""

from dataclasses import replace

from center.domain import events as ev
from center.domain.consultation import QUEUED, TALKING, Consultation
from center.domain.errors import KioskIsRevoked
from center.domain.records import Confidence, Kiosk
from center.protocol.kiosk_wire import ConsultationRequest
from center.protocol.words import ConsultationState, KioskStatus, PeerRole
from center.services.base import CallService, kiosk_actor, of_kiosk
from center.services.transactions import CENTER, Ledger


class ResidentCalls(CallService):
    """What a kiosk may ask for."""

    async def request(self, kiosk_id: str, body: ConsultationRequest) -> str:
        """Queue a consultation and return its id; the same `client_ref` returns the same one.

        A kiosk serves one resident at a time: whatever it still had open ends.

        Raises:
            NotFound: there is no such kiosk.
            KioskIsRevoked: it is not enrolled (any more).
        """
        return await self._transactions.run(lambda ledger: self._request(ledger, kiosk_id, body))

    async def leave(self, kiosk_id: str, consultation_id: str) -> None:
        """The resident stops waiting; when a lawyer was just faster, the talk ends. Raises
        NotFound."""

        async def work(ledger: Ledger) -> None:
            await _end(ledger, await of_kiosk(ledger, kiosk_id, consultation_id))

        await self._transactions.run(work)

    async def hang_up_kiosk(self, kiosk_id: str, consultation_id: str) -> None:
        """The resident ends the talk, or the wait that a transfer made of it. Raises NotFound."""
        await self.leave(kiosk_id, consultation_id)

    async def rate(self, kiosk_id: str, consultation_id: str, score: int) -> None:
        """Raises NotFound; IllegalTransition before the end of a talk or for a second opinion."""

        async def work(ledger: Ledger) -> None:
            consultation = await of_kiosk(ledger, kiosk_id, consultation_id)
            if consultation.rating != score:
                await ledger.record(consultation, ev.Rated(score), kiosk_actor(kiosk_id))

        await self._transactions.run(work)

    async def leave_message(
        self, kiosk_id: str, consultation_id: str, text: str, phone: str | None
    ) -> None:
        """Leave a question instead of waiting on; an answer is promised for the next working day.

        Raises:
            NotFound: not this kiosk's consultation.
            IllegalTransition: it no longer waits.
        """

        async def work(ledger: Ledger) -> None:
            consultation = await of_kiosk(ledger, kiosk_id, consultation_id)
            if consultation.state is not ConsultationState.MESSAGE:
                left = ev.MessageLeft(self._policy.promise(ledger.now))
                await ledger.record(consultation, left, kiosk_actor(kiosk_id))
                said = await ledger.uow.confidences.get(consultation_id)
                await ledger.uow.confidences.save(replace(said, message=text, phone=phone))

        await self._transactions.run(work)

    async def end_for_revoked(self, kiosk_id: str) -> None:
        """End what a kiosk had open when it was cut off."""

        async def work(ledger: Ledger) -> None:
            consultation = await ledger.uow.consultations.open_for_kiosk(kiosk_id)
            if consultation is not None:
                await ledger.record(consultation, ev.KioskRevoked(), CENTER)

        await self._transactions.run(work)

    async def _request(self, ledger: Ledger, kiosk_id: str, body: ConsultationRequest) -> str:
        kiosk = await ledger.uow.kiosks.get(kiosk_id)
        if kiosk.status is not KioskStatus.ENROLLED:
            raise KioskIsRevoked(f"{kiosk_id} is {kiosk.status}")
        calls = ledger.uow.consultations
        if earlier := await calls.by_client_ref(kiosk_id, body.client_ref):
            return earlier.id
        if abandoned := await calls.open_for_kiosk(kiosk_id):
            await _end(ledger, abandoned)
        event = await self._requested(ledger, kiosk, body)
        consultation = await ledger.record(None, event, kiosk_actor(kiosk_id))
        said = Confidence(consultation.id, called_as=body.called_as)
        await ledger.uow.confidences.save(said)
        return consultation.id

    async def _requested(
        self, ledger: Ledger, kiosk: Kiosk, body: ConsultationRequest
    ) -> ev.Requested:
        calls = ledger.uow.consultations
        day = self._policy.day(ledger.now)
        return ev.Requested(
            consultation_id=self._codes.consultation_id(),
            number=self._policy.number(day, await calls.next_number(day)),
            slip_code=self._codes.slip_code(),
            kiosk_id=kiosk.kiosk_id,
            township=kiosk.township,
            client_ref=body.client_ref,
            consent_version=body.consent_version,
            language=body.language,
            matter=body.matter,
            place=len(await calls.queued()) + 1,
        )


async def _end(ledger: Ledger, consultation: Consultation) -> None:
    actor = kiosk_actor(consultation.kiosk_id)
    if consultation.state in QUEUED:
        await ledger.record(consultation, ev.Left(), actor)
    elif consultation.state in TALKING:
        await ledger.record(consultation, ev.HungUp(PeerRole.KIOSK), actor)
