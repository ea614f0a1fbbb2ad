"""Rooms: who exchanges media with whom, and who yields when both offer at once.

A room bears the id of its consultation and exists from the request to the end of the talk: first
with the kiosk alone, while it rings with the lawyer too, so that both pages have everything ready
when the call is accepted. Only then is it open: before, nothing passes between its members. Peers
are named after what they are: `kiosk:K01`, `staff:jin`. Every peer of a room connects to every
other (up to four make a mesh). In the W3C pattern of perfect negotiation exactly one side of each
pair is polite: the kiosk towards staff, and among equals the one with the larger id.
"""

from dataclasses import dataclass

from center.domain.consultation import QUEUED, TALKING, Consultation
from center.domain.errors import NotInRoom
from center.protocol.words import ConsultationState, PeerRole


@dataclass(frozen=True, slots=True)
class Member:
    """A media endpoint that belongs to a room, present or not."""

    peer_id: str
    role: PeerRole


@dataclass(frozen=True, slots=True)
class Room:
    """The members of one consultation's talk; `open` from the moment it was accepted."""

    room_id: str
    members: tuple[Member, ...]
    open: bool

    def member(self, peer_id: str) -> Member:
        """Raises NotInRoom."""
        for member in self.members:
            if member.peer_id == peer_id:
                return member
        raise NotInRoom(f"{peer_id} is not in {self.room_id}")

    def others(self, peer_id: str) -> tuple[Member, ...]:
        """Whom this peer connects to. Raises NotInRoom."""
        self.member(peer_id)
        return tuple(m for m in self.members if m.peer_id != peer_id)

    def may_signal(self, sender: str, to: str) -> bool:
        """Whether signalling goes from one to the other: between two members of an open room, and
        to nobody else."""
        peers = {m.peer_id for m in self.members}
        return self.open and sender != to and {sender, to} <= peers


def kiosk_peer(kiosk_id: str) -> str:
    """Peer id of a kiosk's page."""
    return f"kiosk:{kiosk_id}"


def staff_peer(staff_id: str) -> str:
    """Peer id of a staff member's page."""
    return f"staff:{staff_id}"


def polite(you: Member, other: Member) -> bool:
    """Whether `you` yield in an offer collision with `other`; the opposite holds on the other
    side."""
    if you.role is not other.role:
        return you.role is PeerRole.KIOSK
    return you.peer_id > other.peer_id


def room_of(consultation: Consultation) -> Room | None:
    """The consultation's room, or None in a state without one."""
    if consultation.state not in QUEUED | TALKING:
        return None
    members: tuple[Member, ...] = (Member(kiosk_peer(consultation.kiosk_id), PeerRole.KIOSK),)
    if consultation.staff_id is not None and consultation.state is not ConsultationState.WAITING:
        members += (Member(staff_peer(consultation.staff_id), PeerRole.STAFF),)
    return Room(consultation.id, members, open=consultation.state in TALKING)
