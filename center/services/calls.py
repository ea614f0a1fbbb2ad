"""Calls, from both sides and from the clock: the one object that sockets speak to.

`resident.py` holds what a kiosk may ask, `lawyer.py` what staff may do; here is what both ends of a
talk report, what time brings, and who belongs to which room.
"""

from datetime import datetime

from center.domain import events as ev
from center.domain.consultation import TALKING
from center.domain.transitions import expiry
from center.protocol.words import MediaState, PeerRole
from center.services.base import kiosk_actor, of_kiosk, of_staff, staff_actor
from center.services.lawyer import LawyerCalls
from center.services.resident import ResidentCalls
from center.services.transactions import CENTER, Ledger


class Calls(ResidentCalls, LawyerCalls):
    """Every use case of a call."""

    async def media(
        self, side: PeerRole, who: str, consultation_id: str, state: MediaState
    ) -> None:
        """Note what one side's page sees of its connection; late reports are nothing.

        Raises:
            NotFound, Forbidden: `who` (a kiosk or staff id) has no part in the consultation.
        """

        async def work(ledger: Ledger) -> None:
            resident = side is PeerRole.KIOSK
            find, actor = (of_kiosk, kiosk_actor) if resident else (of_staff, staff_actor)
            consultation = await find(ledger, who, consultation_id)
            if consultation.state in TALKING:
                await ledger.record(consultation, ev.MediaReported(side, state), actor(who))

        await self._transactions.run(work)

    async def timer_fired(self, consultation_id: str, deadline: datetime) -> None:
        """The deadline has come. One that is no longer the consultation's own is nothing."""

        async def work(ledger: Ledger) -> None:
            consultation = await ledger.uow.consultations.get(consultation_id)
            event = expiry(consultation, ledger.rules)
            if consultation.deadline == deadline and event is not None:
                await ledger.record(consultation, event, CENTER)

        await self._transactions.run(work)

    async def dispatch(self) -> None:
        """Ring whoever can be rung now; safe at any moment."""
        await self._transactions.dispatch()

    async def rearm(self) -> None:
        """At the start of the process: set all timers again and ring whoever waits."""
        await self._transactions.rearm()
