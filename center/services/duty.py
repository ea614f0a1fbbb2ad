"""Presence: going on duty, off duty, away for a moment."""

from center.domain import events as ev
from center.domain.duty import Duty, Went
from center.domain.errors import Conflict, Forbidden
from center.protocol.words import ConsultationState, DutyState
from center.services.base import staff_actor
from center.services.mediations import taking_part
from center.services.transactions import Ledger, Transactions


class DutyDesk:
    """Where staff sign in and out."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def set(self, staff_id: str, state: DutyState) -> None:
        """Be available, away or off. In the middle of a talk this is kept for afterwards; what
        rings is declined by going. Whoever comes back may be rung for those they let pass before.

        Raises:
            NotFound: there is no such person.
            Conflict: they are in a mediation, and cannot be there for residents.
            Forbidden: their role is not to talk with residents.
            IllegalTransition: the state is not one that people choose.
        """

        async def work(ledger: Ledger) -> None:
            if not (await ledger.uow.staff.get(staff_id)).answers:
                raise Forbidden(f"{staff_id} does not take calls")
            if state is DutyState.AVAILABLE:
                await refuse_in_mediation(ledger, staff_id)
            before = await _duty(ledger, staff_id)
            if before.state is DutyState.OFFERED and state is not DutyState.AVAILABLE:
                await _decline(ledger, before)
            elif before.state is state or before.state is DutyState.OFFERED:
                return
            await ledger.tell(staff_id, Went(state), staff_actor(staff_id))
            if state is DutyState.AVAILABLE:
                await _reconsider(ledger, staff_id)

        await self._transactions.run(work)

    async def get(self, staff_id: str) -> Duty:
        """The person's presence; off when they were never on duty."""
        return await self._transactions.read(lambda ledger: _duty(ledger, staff_id))


async def _duty(ledger: Ledger, staff_id: str) -> Duty:
    return await ledger.uow.duties.get(staff_id) or Duty.off(staff_id, ledger.now)


async def refuse_in_mediation(ledger: Ledger, staff_id: str) -> None:
    """Raises Conflict: one person cannot be in two talks."""
    if any(taking_part(mediation, staff_id) for mediation in await ledger.uow.mediations.live()):
        raise Conflict(f"{staff_id} is in a mediation")


async def _decline(ledger: Ledger, duty: Duty) -> None:
    if duty.consultation_id is not None:
        rings = await ledger.uow.consultations.get(duty.consultation_id)
        await ledger.record(rings, ev.Declined(), staff_actor(duty.staff_id))


async def _reconsider(ledger: Ledger, staff_id: str) -> None:
    for consultation in await ledger.uow.consultations.queued():
        waits = consultation.state is ConsultationState.WAITING
        if waits and staff_id in consultation.declined_by:
            await ledger.record(consultation, ev.Reconsidered(staff_id), staff_actor(staff_id))
