"""Recording a talk: asked by staff, agreed by everybody, ended by anybody.

The decisions are the domain's; what must happen then (a recorder in the room) is done by whoever
follows the changes, see `center.realtime.recorder`.
"""

from collections.abc import Callable

from center.domain.consultation import TALKING, Consultation
from center.domain.errors import Forbidden, IllegalTransition, NotFound
from center.domain.recording import (
    RecorderReported,
    RecordingAnswered,
    RecordingAsked,
    RecordingStopped,
)
from center.domain.rooms import kiosk_peer, staff_peer
from center.protocol.words import PeerRole, RecorderFault, RecordingState
from center.services.base import kiosk_actor, of_kiosk, of_staff, staff_actor
from center.services.policy import Policy
from center.services.ports import Codes
from center.services.transactions import CENTER, Ledger, Transactions


class Recordings:
    """What participants may ask for, and what the recorder reports."""

    def __init__(self, transactions: Transactions, codes: Codes, policy: Policy) -> None:
        self._transactions, self._codes, self._policy = transactions, codes, policy

    async def ask(self, staff_id: str, consultation_id: str) -> None:
        """Ask everybody in the talk; again is harmless.

        Raises:
            NotFound, Forbidden: not in this person's hands, or this center does not record.
            IllegalTransition: there is no talk.
        """

        async def work(ledger: Ledger) -> None:
            consultation = await of_staff(ledger, staff_id, consultation_id)
            if not self._policy.records:
                raise Forbidden("this center does not record")
            if consultation.state not in TALKING:
                raise IllegalTransition(f"{consultation.state}: nobody is there to agree")
            asked = RecordingAsked(self._codes.consultation_id(), staff_peer(staff_id))
            await ledger.record(consultation, asked, staff_actor(staff_id))

        await self._transactions.run(work)

    async def answer(
        self, side: PeerRole, who: str, consultation_id: str, recording_id: str, *, agreed: bool
    ) -> None:
        """Agree to be recorded, or not; what comes too late is nothing.

        Raises:
            NotFound, Forbidden: `who` (a kiosk or staff id) has no part in the consultation.
        """
        await self._say(
            side, who, consultation_id, lambda peer: RecordingAnswered(recording_id, peer, agreed)
        )

    async def stop(self, side: PeerRole, who: str, consultation_id: str, recording_id: str) -> None:
        """End the recording, or take back the question. Raises as `answer`."""
        await self._say(
            side, who, consultation_id, lambda peer: RecordingStopped(recording_id, peer)
        )

    async def reported(
        self, consultation_id: str, recording_id: str, fault: RecorderFault | None
    ) -> None:
        """Note whether what should be recorded is."""

        async def work(ledger: Ledger) -> None:
            consultation = await ledger.uow.consultations.get(consultation_id)
            if consultation.state in TALKING:
                await ledger.record(consultation, RecorderReported(recording_id, fault), CENTER)

        await self._transactions.run(work)

    async def running(self, consultation_id: str) -> Consultation | None:
        """The consultation, while it is to be recorded."""

        async def work(ledger: Ledger) -> Consultation | None:
            try:
                found = await ledger.uow.consultations.get(consultation_id)
            except NotFound:
                return None
            return found if _runs(found) else None

        return await self._transactions.read(work)

    async def all_running(self) -> tuple[str, ...]:
        """Consultations that are to be recorded; for the start of the process."""

        async def work(ledger: Ledger) -> tuple[str, ...]:
            return tuple(c.id for c in await ledger.uow.consultations.open_all() if _runs(c))

        return await self._transactions.read(work)

    async def _say(
        self,
        side: PeerRole,
        who: str,
        consultation_id: str,
        event: Callable[[str], RecordingAnswered | RecordingStopped],
    ) -> None:
        async def work(ledger: Ledger) -> None:
            resident = side is PeerRole.KIOSK
            find, actor = (of_kiosk, kiosk_actor) if resident else (of_staff, staff_actor)
            consultation = await find(ledger, who, consultation_id)
            if consultation.state in TALKING:
                peer = kiosk_peer(who) if resident else staff_peer(who)
                await ledger.record(consultation, event(peer), actor(who))

        await self._transactions.run(work)


def _runs(consultation: Consultation) -> bool:
    return consultation.recording.state is RecordingState.RUNNING
