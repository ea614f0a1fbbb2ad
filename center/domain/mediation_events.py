"""What can happen to a mediation. No event carries personal words: they would stay in the log.

Names, the title, the clauses of the agreement and the strokes of a signature are kept apart and
encrypted; the log knows people by the seat they were given and clauses by their number.
"""

from dataclasses import dataclass, field
from datetime import datetime

from center.domain.recording import RecordingEvent
from center.protocol.words import Language, Matter, Protection, SeatRole


@dataclass(frozen=True, slots=True)
class Convened:
    """A mediator made the mediation, for now or for a time."""

    mediation_id: str
    number: str
    mediator_id: str
    matter: Matter
    language: Language
    second_language: Language | None
    scheduled_at: datetime


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody gets a seat: a person of the center, or whoever brings the code to a kiosk."""

    seat_id: str
    role: SeatRole
    language: Language
    staff_id: str | None
    code: str = field(metadata={"secret": True})
    protection: Protection = Protection.NONE


@dataclass(frozen=True, slots=True)
class Uninvited:
    """The invitation of somebody who is not in the room is taken back."""

    seat_id: str


@dataclass(frozen=True, slots=True)
class Opened:
    """The mediator opened the room and is in it. `mesh` people connect each to each; of `places`
    people the others are admitted when they go through a media server."""

    mesh: int = 4
    places: int = 4


@dataclass(frozen=True, slots=True)
class Arrived:
    """Somebody came, at a kiosk or (None) at their own screen, and waits apart."""

    seat_id: str
    kiosk_id: str | None = None


@dataclass(frozen=True, slots=True)
class Admitted:
    """The mediator let one who waits into the room."""

    seat_id: str


@dataclass(frozen=True, slots=True)
class Dismissed:
    """The mediator sent somebody back to their waiting room."""

    seat_id: str


@dataclass(frozen=True, slots=True)
class Parted:
    """Somebody went away; the code brings them back."""

    seat_id: str


@dataclass(frozen=True, slots=True)
class Locked:
    """Nobody new comes in, or they may again."""

    on: bool


@dataclass(frozen=True, slots=True)
class Muted:
    """The mediator, or the person, switched their microphone off."""

    seat_id: str


@dataclass(frozen=True, slots=True)
class SpeechAsked:
    """The mediator asks a muted person to speak; nothing is switched on until they consent."""

    seat_id: str


@dataclass(frozen=True, slots=True)
class Unmuted:
    """The person themselves switched their microphone on."""

    seat_id: str


@dataclass(frozen=True, slots=True)
class HandRaised:
    """Somebody wants to speak and is last in the order."""

    seat_id: str


@dataclass(frozen=True, slots=True)
class HandLowered:
    """Somebody no longer wants to speak."""

    seat_id: str


@dataclass(frozen=True, slots=True)
class FloorGiven:
    """One person speaks and the others listen; None: everybody may speak."""

    seat_id: str | None


@dataclass(frozen=True, slots=True)
class SideOpened:
    """The mediator withdraws with one person, and with the interpreters where asked for."""

    seat_id: str
    interpreted: bool = False


@dataclass(frozen=True, slots=True)
class SideClosed:
    """The private talk is over; everybody is together again."""


@dataclass(frozen=True, slots=True)
class ProtectionSet:
    """How much of a person the others may see."""

    seat_id: str
    protection: Protection


@dataclass(frozen=True, slots=True)
class Listened:
    """Somebody listens to the interpreters, or to the room alone."""

    seat_id: str
    on: bool


@dataclass(frozen=True, slots=True)
class Proposed:
    """The mediator laid an agreement of so many clauses before the parties; `digest` is the
    SHA-256 of their words, `edition` rises with each proposal."""

    edition: int
    clauses: int
    digest: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The mediator took the proposal back; what was confirmed or signed of it is nothing."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A party read or heard a clause (from 1) of this edition and agrees."""

    seat_id: str
    edition: int
    clause: int


@dataclass(frozen=True, slots=True)
class Objected:
    """A party does not agree to a clause of this edition."""

    seat_id: str
    edition: int
    clause: int


@dataclass(frozen=True, slots=True)
class Signed:
    """A party signed this edition on their own screen; `digest` is the SHA-256 of the strokes."""

    seat_id: str
    edition: int
    digest: str


@dataclass(frozen=True, slots=True)
class Photographed:
    """A party who signed this edition agreed to be photographed; `sha256` is the picture's."""

    seat_id: str
    edition: int
    sha256: str


@dataclass(frozen=True, slots=True)
class PhotoRefused:
    """A party who signed this edition would not be photographed."""

    seat_id: str
    edition: int


@dataclass(frozen=True, slots=True)
class Sealed:
    """The mediator concluded the agreement; `sha256` is the sealed document's."""

    sha256: str


@dataclass(frozen=True, slots=True)
class Carried:
    """This media server carries the room from now on."""

    server: str


@dataclass(frozen=True, slots=True)
class CarrierLost:
    """The media server that carried the room is gone; the room is moving to another one."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The mediator ended the mediation; everybody is out."""


GuestEvent = Invited | Uninvited | Arrived | Admitted | Dismissed | Parted
"""Who comes and goes."""

TalkEvent = (
    Locked
    | Muted
    | SpeechAsked
    | Unmuted
    | HandRaised
    | HandLowered
    | FloorGiven
    | SideOpened
    | SideClosed
    | ProtectionSet
    | Listened
)
"""Who is heard and seen by whom."""

PhotoEvent = Photographed | PhotoRefused
"""What a signer answers to being photographed."""

AgreementEvent = Proposed | Withdrawn | Confirmed | Objected | Signed | PhotoEvent | Sealed
"""What is agreed."""

CarrierEvent = Carried | CarrierLost
"""What carries the media of a larger room."""

Event = (
    Convened
    | Opened
    | Ended
    | CarrierEvent
    | GuestEvent
    | TalkEvent
    | AgreementEvent
    | RecordingEvent
)
"""A recording's events name people by their seat."""
