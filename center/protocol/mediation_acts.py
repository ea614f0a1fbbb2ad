"""What is done in a mediation, and by whom.

A frame `mediation.act` carries one act. Acts of the mediator are accepted from the mediation's own
mediator only, acts of a seat from whoever sits there, and always mean the sender's own seat.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from .base import Id, Sha256, ShortText, WireModel
from .words import Language, Protection, SeatRole

MAX_SEATS = 12
MAX_CLAUSES = 20
MAX_POINTS = 3000
"""Points of one signature, all strokes together."""
MIN_POINTS = 8
"""Fewer are a slip of the finger."""
PHOTO_LIMIT = 300_000
"""Most bytes of a signer's picture."""

ClauseText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=800)]
Fraction = Annotated[float, Field(ge=0, le=1)]
Edition = Annotated[int, Field(ge=1)]
ClauseNumber = Annotated[int, Field(ge=1, le=MAX_CLAUSES)]
Guest = Literal[SeatRole.PARTY, SeatRole.LAWYER, SeatRole.WITNESS, SeatRole.INTERPRETER]


class Clause(WireModel):
    """One clause in the mediation's language and, where it has two, in the second."""

    first: ClauseText
    second: ClauseText | None = None


Clauses = Annotated[tuple[Clause, ...], Field(max_length=MAX_CLAUSES)]


# --- acts of the mediator ------------------------------------------------------------------------


class Open(WireModel):
    """Open the room; whoever is admitted sees and hears each other from now on."""

    do: Literal["open"] = "open"


class End(WireModel):
    """End the mediation for everybody."""

    do: Literal["end"] = "end"


class Invite(WireModel):
    """Give out a seat: to a person of the center, or by a code to whoever brings it to a kiosk."""

    do: Literal["invite"] = "invite"
    role: Guest
    name: ShortText
    language: Language
    staff_id: Id | None = None
    protection: Protection = Protection.NONE


class Uninvite(WireModel):
    """Take an invitation back."""

    do: Literal["uninvite"] = "uninvite"
    seat_id: Id


class Admit(WireModel):
    """Let one who waits into the room."""

    do: Literal["admit"] = "admit"
    seat_id: Id


class Dismiss(WireModel):
    """Send somebody back to their waiting room."""

    do: Literal["dismiss"] = "dismiss"
    seat_id: Id


class Lock(WireModel):
    """Let nobody new come, or let them again."""

    do: Literal["lock"] = "lock"
    on: bool


class MuteSeat(WireModel):
    """Switch somebody's microphone off."""

    do: Literal["mute_seat"] = "mute_seat"
    seat_id: Id


class AskToSpeak(WireModel):
    """Ask a muted person to speak; their microphone opens when they consent."""

    do: Literal["ask_to_speak"] = "ask_to_speak"
    seat_id: Id


class GiveFloor(WireModel):
    """One person speaks and the others listen; null lets everybody speak."""

    do: Literal["give_floor"] = "give_floor"
    seat_id: Id | None


class OpenSide(WireModel):
    """Withdraw with one person, and with the interpreters where asked for."""

    do: Literal["open_side"] = "open_side"
    seat_id: Id
    interpreted: bool = False


class CloseSide(WireModel):
    """Come back to the others."""

    do: Literal["close_side"] = "close_side"


class Protect(WireModel):
    """Set how much of somebody the others may see."""

    do: Literal["protect"] = "protect"
    seat_id: Id
    protection: Protection


class SaveDraft(WireModel):
    """Keep the draft of the agreement as it is now; nobody else sees it."""

    do: Literal["save_draft"] = "save_draft"
    clauses: Clauses


class Propose(WireModel):
    """Lay these clauses before the parties; what they said of earlier ones is nothing."""

    do: Literal["propose"] = "propose"
    clauses: Annotated[Clauses, Field(min_length=1)]


class Withdraw(WireModel):
    """Take the proposal back."""

    do: Literal["withdraw"] = "withdraw"


class AskRecording(WireModel):
    """Ask everybody in the room whether it may be recorded; the mediator agrees by it."""

    do: Literal["ask_recording"] = "ask_recording"


class RetryRecording(WireModel):
    """Try again to record what should be and is not; nothing when it is."""

    do: Literal["retry_recording"] = "retry_recording"
    recording_id: Id


# --- acts of whoever sits there ------------------------------------------------------------------


class Arrive(WireModel):
    """Somebody of the center comes to their seat and waits."""

    do: Literal["arrive"] = "arrive"


class Leave(WireModel):
    """Go away."""

    do: Literal["leave"] = "leave"


class Mute(WireModel):
    """Switch one's own microphone off."""

    do: Literal["mute"] = "mute"


class Unmute(WireModel):
    """Switch one's own microphone on, asked or not."""

    do: Literal["unmute"] = "unmute"


class RaiseHand(WireModel):
    """Want to speak."""

    do: Literal["raise_hand"] = "raise_hand"


class LowerHand(WireModel):
    """No longer want to speak."""

    do: Literal["lower_hand"] = "lower_hand"


class Listen(WireModel):
    """Listen to the interpreters, or to the room alone."""

    do: Literal["listen"] = "listen"
    on: bool


class Confirm(WireModel):
    """A party read or heard this clause of this edition and agrees."""

    do: Literal["confirm"] = "confirm"
    edition: Edition
    clause: ClauseNumber


class Objection(WireModel):
    """A party does not agree to this clause of this edition."""

    do: Literal["object"] = "object"
    edition: Edition
    clause: ClauseNumber


class Strokes(WireModel):
    """Lines of a signature as fractions of the field's width and height, in the order drawn."""

    lines: Annotated[
        tuple[Annotated[tuple[tuple[Fraction, Fraction], ...], Field(min_length=1)], ...],
        Field(min_length=1, max_length=60),
    ]

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if not MIN_POINTS <= sum(map(len, self.lines)) <= MAX_POINTS:
            raise ValueError(f"a signature has {MIN_POINTS} to {MAX_POINTS} points")
        return self


class Sign(WireModel):
    """A party signs this edition."""

    do: Literal["sign"] = "sign"
    edition: Edition
    strokes: Strokes


class Photograph(WireModel):
    """A party who signed is photographed; the picture, JPEG, was stored by its hash before."""

    do: Literal["photograph"] = "photograph"
    edition: Edition
    sha256: Sha256


class RefusePhoto(WireModel):
    """A party who signed would not be photographed."""

    do: Literal["refuse_photo"] = "refuse_photo"
    edition: Edition


class AnswerRecording(WireModel):
    """Agree to be recorded, or not (any more): an answer to this question only."""

    do: Literal["answer_recording"] = "answer_recording"
    recording_id: Id
    agreed: bool


class StopRecording(WireModel):
    """End the recording, or take back the question; anybody in the room may."""

    do: Literal["stop_recording"] = "stop_recording"
    recording_id: Id


OfAnybody = (
    Leave
    | Mute
    | Unmute
    | RaiseHand
    | LowerHand
    | Listen
    | Confirm
    | Objection
    | Sign
    | AnswerRecording
    | StopRecording
)
"""Acts of whoever has a seat, at a kiosk or a desk."""

OfSeat = OfAnybody | Photograph | RefusePhoto
"""Those and what only a party at a kiosk does."""

SeatAct = Annotated[OfSeat, Field(discriminator="do")]
StaffAct = Annotated[
    Open
    | End
    | Invite
    | Uninvite
    | Admit
    | Dismiss
    | Lock
    | MuteSeat
    | AskToSpeak
    | GiveFloor
    | OpenSide
    | CloseSide
    | Protect
    | SaveDraft
    | Propose
    | Withdraw
    | AskRecording
    | RetryRecording
    | Arrive
    | OfAnybody,
    Field(discriminator="do"),
]
