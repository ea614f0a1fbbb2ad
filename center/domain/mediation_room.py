"""Who connects to whom in a mediation, and what each may send the other.

    two people in the room          connected when both are in the side room or both are not
    ──────────────────────────────  ────────────────────────────────────────────────────────────
    sound                           unless the sender is muted, or (outside of the side room)
                                    somebody else has the floor; the mediator and interpreters are
                                    always heard; interpreters only by those who listen to them
    picture                         from everybody; of one who is seen by the mediator, to the
                                    mediator only; of one who is only heard, to nobody
    papers on the desk              as the picture, and to the mediator only, who decides what is
                                    put before the others

Through an engine everybody sends it what at least one of the others may have. The recorder, while
it belongs to the room, gets of everybody what the mediator may have, and sends nothing; it leaves
for as long as somebody is apart.

People who wait, or who left, are in no room. Two who are not connected have no connection at all:
signalling between them is refused, so there is nothing that could leak.
"""

from dataclasses import dataclass

from center.domain.mediation import MEDIATOR_SEAT, Mediation, Seat
from center.domain.rooms import (
    Member,
    Room,
    Tracks,
    engine_peer,
    kiosk_peer,
    recorder_peer,
    staff_peer,
)
from center.protocol.words import MediationState, PeerRole, Protection, SeatRole, Track

SOUND = frozenset({Track.FACE_AUDIO})
FACE = frozenset({Track.FACE_VIDEO})
PAPERS = frozenset({Track.DESK_VIDEO})

_ALWAYS_HEARD = frozenset({SeatRole.MEDIATOR, SeatRole.INTERPRETER})


def apart(mediation: Mediation, seat: Seat) -> bool:
    """Whether the seat is in the side room."""
    if mediation.side is None:
        return False
    interprets = seat.role is SeatRole.INTERPRETER and mediation.side_interpreted
    return seat.role is SeatRole.MEDIATOR or seat.seat_id == mediation.side or interprets


def flow(mediation: Mediation, sender: Seat, to: Seat) -> Tracks | None:
    """What `sender` sends `to`, both in the room; None when they are not connected."""
    if apart(mediation, sender) is not apart(mediation, to):
        return None
    sound = SOUND if _heard(mediation, sender, to) else frozenset()
    face = FACE if _seen(sender, to) else frozenset()
    papers = PAPERS if face and to.role is SeatRole.MEDIATOR else frozenset()
    return sound | face | papers


def room_of_mediation(mediation: Mediation) -> Room | None:
    """The mediation's room with whoever was admitted; None before and after."""
    if mediation.state is not MediationState.OPEN:
        return None
    engine = engine_peer(mediation.id) if mediation.engine else None
    members = tuple(map(_member, mediation.admitted))
    if engine is not None:
        members += (Member(engine, PeerRole.ENGINE),)
    if recorder := _recorder(mediation):
        members += (Member(recorder, PeerRole.RECORDER),)
    return Room(mediation.id, members, True, _Rule(mediation), named=False, engine=engine)


def peer_of(seat: Seat) -> str | None:
    """The peer id of whoever sits there; None while nobody does."""
    if seat.staff_id is not None:
        return staff_peer(seat.staff_id)
    return None if seat.kiosk_id is None else kiosk_peer(seat.kiosk_id)


@dataclass(frozen=True, slots=True)
class _Rule:
    mediation: Mediation

    def __call__(self, sender: str, to: str) -> Tracks | None:
        seats = {peer_of(seat): seat for seat in self.mediation.admitted}
        one, other = seats.get(sender), seats.get(to)
        if one is not None and other is not None:
            return flow(self.mediation, one, other)
        engine, recorder = engine_peer(self.mediation.id), _recorder(self.mediation)
        if other is not None and sender in (engine, recorder):
            return frozenset()
        if one is not None and to == engine:
            return self._of_anybody(one)
        return _kept(self.mediation, one) if one is not None and to == recorder else None

    def _of_anybody(self, sender: Seat) -> Tracks:
        others = (seat for seat in self.mediation.admitted if seat is not sender)
        return frozenset().union(*(flow(self.mediation, sender, to) or () for to in others))


def _recorder(mediation: Mediation) -> str | None:
    recording_id = mediation.recording.recording_id
    return recorder_peer(recording_id) if mediation.recorded and recording_id else None


def _kept(mediation: Mediation, sender: Seat) -> Tracks:
    """What is recorded of somebody: as if the mediator looked on."""
    return flow(mediation, sender, mediation.seat(MEDIATOR_SEAT)) or frozenset()


def _member(seat: Seat) -> Member:
    role = PeerRole.KIOSK if seat.staff_id is None else PeerRole.STAFF
    return Member(peer_of(seat) or "", role)


def _heard(mediation: Mediation, sender: Seat, to: Seat) -> bool:
    if sender.muted:
        return False
    if sender.role is SeatRole.INTERPRETER:
        return to.listens or to.role is SeatRole.MEDIATOR
    if sender.role in _ALWAYS_HEARD or apart(mediation, sender):
        return True
    return mediation.floor in (None, sender.seat_id)


def _seen(sender: Seat, to: Seat) -> bool:
    match sender.protection:
        case Protection.NONE:
            return True
        case Protection.SEEN_BY_MEDIATOR:
            return to.role is SeatRole.MEDIATOR
        case Protection.HEARD_ONLY:
            return False
