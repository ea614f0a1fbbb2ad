"""Recording a talk: asked by staff, agreed by everybody, ended by anybody.

The decisions are the domain's; what must happen then (a recorder in the room) is done by whoever
follows the changes, see `center.realtime.recorder`. What is said to the recording of a mediation
are acts of it, see `center.services.mediations`.
"""

from collections.abc import Callable

from center.domain.consultation import TALKING, Consultation
from center.domain.errors import IllegalTransition, NotFound
from center.domain.mediation import Mediation
from center.domain.mediation_room import peer_of, room_of_mediation
from center.domain.recording import (
    RecorderReported,
    RecordingAnswered,
    RecordingAsked,
    RecordingRetried,
    RecordingStopped,
)
from center.domain.rooms import kiosk_peer, recorder_peer, room_of, staff_peer
from center.protocol.words import MediationState, PeerRole, RecorderFault, RecordingState
from center.services.base import kiosk_actor, of_kiosk, of_staff, staff_actor
from center.services.directory import entry_of
from center.services.mediation_steps import record as record_in_mediation
from center.services.policy import Policy
from center.services.ports import Codes, UnitOfWork
from center.services.recording_ports import Running
from center.services.transactions import CENTER, Ledger, Transactions


class Recordings:
    """What participants may ask for, and what the recorder reports. A stream of the log names the
    talk: `consultation:ID` or `mediation:ID`."""

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
            self._policy.require_records()
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

    async def retry(self, staff_id: str, consultation_id: str, recording_id: str) -> None:
        """Have what fails tried again at once.

        Raises:
            NotFound, Forbidden: not in this person's hands.
        """
        await self._say(
            PeerRole.STAFF,
            staff_id,
            consultation_id,
            lambda peer: RecordingRetried(recording_id, peer),
        )

    async def reported(self, stream: str, recording_id: str, fault: RecorderFault | None) -> None:
        """Note whether what should be recorded is."""
        event = RecorderReported(recording_id, fault)

        async def work(ledger: Ledger) -> None:
            talk = await _talk(ledger.uow, stream)
            if isinstance(talk, Mediation) and talk.state is MediationState.OPEN:
                await record_in_mediation(ledger, talk, event, CENTER)
            elif isinstance(talk, Consultation) and talk.state in TALKING:
                await ledger.record(talk, event, CENTER)

        await self._transactions.run(work)

    async def running(self, stream: str) -> Running | None:
        """What is to be recorded of this talk now."""

        async def work(ledger: Ledger) -> Running | None:
            try:
                return await _running(ledger.uow, await _talk(ledger.uow, stream))
            except NotFound:
                return None

        return await self._transactions.read(work)

    async def all_running(self) -> tuple[str, ...]:
        """Streams of talks that are to be recorded."""

        async def work(ledger: Ledger) -> tuple[str, ...]:
            talks = await ledger.uow.consultations.open_all()
            mediations = await ledger.uow.mediations.live()
            return (
                *(f"consultation:{c.id}" for c in talks if _runs(c)),
                *(f"mediation:{m.id}" for m in mediations if m.recorded),
            )

        return await self._transactions.read(work)

    async def _say(
        self,
        side: PeerRole,
        who: str,
        consultation_id: str,
        event: Callable[[str], RecordingAnswered | RecordingRetried | RecordingStopped],
    ) -> None:
        async def work(ledger: Ledger) -> None:
            resident = side is PeerRole.KIOSK
            find, actor = (of_kiosk, kiosk_actor) if resident else (of_staff, staff_actor)
            consultation = await find(ledger, who, consultation_id)
            if consultation.state in TALKING:
                peer = kiosk_peer(who) if resident else staff_peer(who)
                await ledger.record(consultation, event(peer), actor(who))

        await self._transactions.run(work)


async def _talk(uow: UnitOfWork, stream: str) -> Consultation | Mediation:
    """Raises NotFound."""
    kind, _, name = stream.partition(":")
    return await (uow.mediations if kind == "mediation" else uow.consultations).get(name)


def _runs(consultation: Consultation) -> bool:
    return consultation.recording.state is RecordingState.RUNNING


async def _running(uow: UnitOfWork, talk: Consultation | Mediation) -> Running | None:
    if isinstance(talk, Mediation):
        return await _of_mediation(uow, talk) if talk.recorded else None
    room = room_of(talk) if _runs(talk) else None
    if room is None:
        return None
    people = [member for member in room.members if member.role is not PeerRole.RECORDER]
    who = {member.peer_id: (await entry_of(uow, member)).name for member in people}
    return Running(talk.id, talk.recording, who)


async def _of_mediation(uow: UnitOfWork, mediation: Mediation) -> Running | None:
    """Names are those of the seats: who agreed is a person, not a kiosk."""
    room = room_of_mediation(mediation)
    if room is None:
        return None
    names = (await uow.mediations.words(mediation.id)).names
    who = {peer_of(seat) or "": names.get(seat.seat_id, "") for seat in mediation.admitted}
    recorder = recorder_peer(mediation.recording.recording_id or "")
    silent = frozenset(peer for peer in who if not room.tracks(peer, recorder))
    seats = {peer_of(seat) or "": seat.seat_id for seat in mediation.admitted}
    return Running(mediation.id, mediation.recording, who, silent, seats, mediation.engine)
