"""Mediations on the wire: what is done in one, by whom, and how everybody sees it.

A frame `mediation.act` carries one act. Acts of the mediator are accepted from the mediation's own
mediator only, acts of a seat from whoever sits there, and always mean the sender's own seat.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, TypeAdapter, model_validator

from .base import Id, Sha256, ShortText, Timestamp, WireModel
from .frames import Push, Request
from .words import (
    Language,
    Matter,
    MediationState,
    Protection,
    SeatRole,
    SeatState,
)

MAX_SEATS = 12
MAX_CLAUSES = 20
MAX_POINTS = 3000
"""Points of one signature, all strokes together."""
MIN_POINTS = 8
"""Fewer are a slip of the finger."""

MediationNumber = Annotated[str, StringConstraints(pattern=r"^TJ-[0-9]{8}-[0-9]{4,6}$")]
SeatCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
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


SeatAct = Annotated[
    Leave | Mute | Unmute | RaiseHand | LowerHand | Listen | Confirm | Objection | Sign,
    Field(discriminator="do"),
]
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
    | Arrive
    | Leave
    | Mute
    | Unmute
    | RaiseHand
    | LowerHand
    | Listen
    | Confirm
    | Objection
    | Sign,
    Field(discriminator="do"),
]


# --- how it is seen ------------------------------------------------------------------------------


class SeatView(WireModel):
    """Somebody with a seat, as one viewer sees them."""

    seat_id: Id
    role: SeatRole
    name: str = Field(description="Empty for one who is protected, except to the mediator.")
    place: str = Field(description="Hall or office; empty for one who is protected.")
    language: Language
    state: SeatState
    peer_id: Id | None = Field(description="Whose stream in the room is theirs; null before.")
    staff_id: Id | None
    protection: Protection
    muted: bool
    speech_asked: bool = Field(description="The mediator waits for their consent to be heard.")
    hand: int | None = Field(description="Place among those who want to speak, from 1.")
    has_floor: bool
    apart: bool = Field(description="Whether they are in the side room.")
    listens: bool = Field(description="Whether they listen to the interpreters.")
    code: str | None = Field(description="To join with at a kiosk; told to the mediator only.")


class MarkView(WireModel):
    """A party's word on a clause."""

    seat_id: Id
    agreed: bool
    at: Timestamp


class ClauseView(WireModel):
    """A proposed clause and who said what of it."""

    number: ClauseNumber
    first: str
    second: str | None
    marks: tuple[MarkView, ...]


class SignatureView(WireModel):
    """That a party signed; the strokes are in the document only."""

    seat_id: Id
    at: Timestamp


class AgreementView(WireModel):
    """The edition that lies before the parties, or the sealed one."""

    edition: int
    clauses: tuple[ClauseView, ...]
    signatures: tuple[SignatureView, ...]
    sealed_at: Timestamp | None
    sha256: Sha256 | None


class MediationView(WireModel):
    """A mediation as one of its people sees it."""

    mediation_id: Id
    number: str
    title: str
    matter: Matter
    language: Language
    second_language: Language | None
    state: MediationState
    scheduled_at: Timestamp
    opened_at: Timestamp | None
    ended_at: Timestamp | None
    locked: bool
    moving: bool = Field(
        default=False,
        description="Whether picture and sound are gone with a server, and come back on another.",
    )
    you: Id = Field(description="The viewer's own seat.")
    side: Id | None = Field(description="Who is apart with the mediator.")
    seats: tuple[SeatView, ...]
    agreement: AgreementView | None
    draft: tuple[Clause, ...] = Field(description="The mediator's own; empty to others.")


# --- frames and bodies ---------------------------------------------------------------------------


class MediationJoin(Request):
    """A kiosk's resident has the number and code of a seat, typed or read from a slip."""

    type: Literal["mediation.join"] = "mediation.join"
    number: MediationNumber
    code: SeatCode


class KioskMediationAct(Request):
    """One act of whoever sits at this kiosk."""

    type: Literal["mediation.act"] = "mediation.act"
    mediation_id: Id
    act: SeatAct


class StaffMediationAct(Request):
    """One act of a person of the center."""

    type: Literal["mediation.act"] = "mediation.act"
    mediation_id: Id
    act: StaffAct


class MediationPush(Push):
    """The mediation at this kiosk changed; null when there is none."""

    type: Literal["mediation.state"] = "mediation.state"
    mediation: MediationView | None


class MediationsPush(Push):
    """All present and coming mediations in which this person has a seat."""

    type: Literal["mediations.state"] = "mediations.state"
    mediations: tuple[MediationView, ...]


class MediationCreate(WireModel):
    """A new mediation, for now or for a time; languages differ when there are two."""

    title: ShortText
    matter: Matter
    language: Language
    second_language: Language | None = None
    scheduled_at: Timestamp | None = Field(default=None, description="Null means now.")

    @model_validator(mode="after")
    def _two_languages(self) -> Self:
        if self.second_language is self.language:
            raise ValueError("the second language is another one")
        return self


class MediationMade(WireModel):
    """The new mediation."""

    mediation_id: Id
    number: str


class MediationList(WireModel):
    """Mediations, newest first."""

    mediations: tuple[MediationView, ...]


class AgreementSealed(WireModel):
    """The agreement is concluded; its document is at `…/agreement.pdf`."""

    sha256: Sha256


class AgreementAsk(WireModel):
    """What a party's slip says."""

    number: MediationNumber
    code: SeatCode


strokes: TypeAdapter[Strokes] = TypeAdapter(Strokes)
"""Reads the stored strokes of a signature."""
