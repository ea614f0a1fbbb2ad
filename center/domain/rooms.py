"""Rooms: who exchanges media with whom, and who yields when both offer at once.

A room exists while its consultation is connecting, active or interrupted, and bears its id. Peers
are named after what they are: `kiosk:K01`, `staff:jin`. Every peer of a room connects to every
other (up to four make a mesh). In the W3C pattern of perfect negotiation exactly one side of each
pair is polite: the kiosk towards staff, and among equals the one with the larger id.
"""

from dataclasses import dataclass

from center.domain.consultation import TALKING, Consultation
from center.domain.errors import NotInRoom
from center.protocol.words import PeerRole


@dataclass(frozen=True, slots=True)
class Member:
    """A media endpoint that belongs to a room, present or not."""

    peer_id: str
    role: PeerRole


@dataclass(frozen=True, slots=True)
class Room:
    """The members of one consultation's talk."""

    room_id: str
    members: tuple[Member, ...]

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
        """Whether signalling goes from one to the other: between two members, and to nobody
        else."""
        peers = {m.peer_id for m in self.members}
        return sender != to and {sender, to} <= peers


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
    if consultation.state not in TALKING or consultation.staff_id is None:
        return None
    return Room(
        consultation.id,
        (
            Member(kiosk_peer(consultation.kiosk_id), PeerRole.KIOSK),
            Member(staff_peer(consultation.staff_id), PeerRole.STAFF),
        ),
    )
