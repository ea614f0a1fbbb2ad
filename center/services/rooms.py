"""Which rooms there are: one of each consultation and one of each open mediation."""

from center.domain.consultation import Consultation
from center.domain.errors import NotFound
from center.domain.mediation import PRESENT, Mediation
from center.domain.mediation_room import peer_of, room_of_mediation
from center.domain.rooms import Room, room_of
from center.protocol.words import PeerRole
from center.services.ports import UnitOfWork, UnitOfWorkFactory


class Rooms:
    """Looks rooms up by their id, which is the consultation's or the mediation's."""

    def __init__(self, uow: UnitOfWorkFactory) -> None:
        self._uow = uow

    async def room(self, room_id: str) -> Room | None:
        """None when there is no such room (now)."""
        async with self._uow() as uow:
            try:
                return room_of(await uow.consultations.get(room_id))
            except NotFound:
                pass
            try:
                return room_of_mediation(await uow.mediations.get(room_id))
            except NotFound:
                return None

    async def rooms_of(self, peer_id: str) -> tuple[str, ...]:
        """Ids of the rooms that this peer belongs to."""
        async with self._uow() as uow:
            talks = [room_of(c) for c in await _talks_of(uow, peer_id)]
            mediations = [room_of_mediation(m) for m in await uow.mediations.live()]
        rooms = [room for room in (*talks, *mediations) if room is not None]
        return tuple(r.room_id for r in rooms if peer_id in {m.peer_id for m in r.members})

    async def all_outgrown(self) -> tuple[str, ...]:
        """Ids of the rooms that are too large for a mesh."""
        async with self._uow() as uow:
            return tuple(m.id for m in await uow.mediations.live() if m.outgrown)

    async def outgrown(self, mediation_id: str) -> Mediation | None:
        """The mediation, if its room is too large for a mesh (now). Raises NotFound."""
        async with self._uow() as uow:
            mediation = await uow.mediations.get(mediation_id)
        return mediation if mediation.outgrown else None


async def _talks_of(uow: UnitOfWork, peer_id: str) -> tuple[Consultation, ...]:
    """The consultation in whose room this kiosk or person may be."""
    kind, _, name = peer_id.partition(":")
    talks = uow.consultations
    find = talks.open_for_kiosk if kind == PeerRole.KIOSK else talks.with_staff
    found = await find(name)
    return () if found is None else (found,)


async def mediation_at(uow: UnitOfWork, peer_id: str) -> Mediation | None:
    """The live mediation in which this peer waits or is; an open one before a coming one."""
    here = [
        mediation
        for mediation in await uow.mediations.live()
        for seat in mediation.seats
        if peer_of(seat) == peer_id and seat.state in PRESENT
    ]
    return min(here, key=lambda mediation: mediation.state, default=None)
