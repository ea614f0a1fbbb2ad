"""Rooms: who exchanges media with whom, and who yields when both offer at once.

A room is its members and a rule. The rule says for each ordered pair which tracks the first may
send the second, or that the two are not connected at all; then they do not even hear of each other.
Peers are named after what they are: `kiosk:K01`, `staff:jin`. In the W3C pattern of perfect
negotiation exactly one side of each pair is polite: the kiosk towards staff, a recorder or engine
towards everybody, and among equals the one with the larger id.

A consultation's room bears its id, exists from the request to the end of the talk, and connects
everybody: first with the kiosk alone, while it rings with the lawyer too, so that both pages are
connected when the call is accepted. Only then is it open: before, its pages send each other neither
sound nor picture. While its recording runs, the recorder is one of its members, seen by everybody;
it sends nothing. A mediation's room is made in `center.domain.mediation_room`.

A room with an engine has it for a member too: people send to it what anybody may have of them, and
it forwards by the rule, which goes on saying what one may have of another.
"""

from collections.abc import Callable
from dataclasses import dataclass

from center.domain.consultation import QUEUED, TALKING, Consultation
from center.domain.errors import NotInRoom
from center.protocol.words import ConsultationState, PeerRole, RecordingState, Track

Tracks = frozenset[Track]
ALL_TRACKS: Tracks = frozenset(Track)

Rule = Callable[[str, str], Tracks | None]
"""What goes from one peer id to another. None in one direction is None in both."""


def everything(_sender: str, _to: str) -> Tracks:
    """The rule of a room without secrets."""
    return ALL_TRACKS


@dataclass(frozen=True, slots=True)
class Member:
    """A media endpoint that belongs to a room, present or not."""

    peer_id: str
    role: PeerRole


@dataclass(frozen=True, slots=True)
class Room:
    """The members of one talk and its rule; `open` from the moment it may begin, `named` when its
    members may know each other's places and names from the room alone. `engine` is the peer through
    which all media go, if there is one."""

    room_id: str
    members: tuple[Member, ...]
    open: bool
    rule: Rule = everything
    named: bool = True
    engine: str | None = None

    def member(self, peer_id: str) -> Member:
        """Raises NotInRoom."""
        for member in self.members:
            if member.peer_id == peer_id:
                return member
        raise NotInRoom(f"{peer_id} is not in {self.room_id}")

    def others(self, peer_id: str) -> tuple[Member, ...]:
        """Whom this peer connects to. Raises NotInRoom."""
        self.member(peer_id)
        return tuple(m for m in self.members if self._connects(peer_id, m.peer_id))

    def tracks(self, sender: str, to: str) -> Tracks:
        """What the one sends the other; nothing when they are not connected."""
        sent = self.rule(sender, to) if self._connects(sender, to) else None
        return frozenset() if sent is None else sent

    def may_signal(self, sender: str, to: str) -> bool:
        """Whether signalling goes from one to the other: between two members that the rule
        connects, and to nobody else."""
        peers = {m.peer_id for m in self.members}
        return {sender, to} <= peers and self._connects(sender, to)

    def _connects(self, one: str, other: str) -> bool:
        return one != other and self.rule(one, other) is not None


def kiosk_peer(kiosk_id: str) -> str:
    """Peer id of a kiosk's page."""
    return f"kiosk:{kiosk_id}"


def staff_peer(staff_id: str) -> str:
    """Peer id of a staff member's page."""
    return f"staff:{staff_id}"


def recorder_peer(recording_id: str) -> str:
    """Peer id of the recorder of one recording."""
    return f"recorder:{recording_id}"


def engine_peer(room_id: str) -> str:
    """Peer id of what forwards the media of a larger room."""
    return f"engine:{room_id}"


_YIELDING = (PeerRole.RECORDER, PeerRole.ENGINE, PeerRole.KIOSK, PeerRole.STAFF)
"""Who yields to whom follows."""


def polite(you: Member, other: Member) -> bool:
    """Whether `you` yield in an offer collision with `other`; the opposite holds on the other
    side."""
    if you.role is not other.role:
        return _YIELDING.index(you.role) < _YIELDING.index(other.role)
    return you.peer_id > other.peer_id


def room_of(consultation: Consultation) -> Room | None:
    """The consultation's room, or None in a state without one."""
    if consultation.state not in QUEUED | TALKING:
        return None
    members: tuple[Member, ...] = (Member(kiosk_peer(consultation.kiosk_id), PeerRole.KIOSK),)
    if consultation.staff_id is not None and consultation.state is not ConsultationState.WAITING:
        members += (Member(staff_peer(consultation.staff_id), PeerRole.STAFF),)
    recording = consultation.recording
    if recording.state is RecordingState.RUNNING and recording.recording_id is not None:
        members += (Member(recorder_peer(recording.recording_id), PeerRole.RECORDER),)
    return Room(consultation.id, members, open=consultation.state in TALKING)
