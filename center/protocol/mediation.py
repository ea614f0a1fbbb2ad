"""Mediations on the wire: how everybody sees one, and how one is made, joined and looked up."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from .base import Id, Sha256, ShortText, Timestamp, WireModel
from .frames import Push, Request
from .mediation_acts import Clause, ClauseNumber, SeatAct, StaffAct
from .recording_view import MediationRecordingView
from .words import Language, Matter, MediationState, Protection, SeatRole, SeatState

MediationNumber = Annotated[str, StringConstraints(pattern=r"^TJ-[0-9]{8}-[0-9]{4,6}$")]
SeatCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


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


class PhotoView(WireModel):
    """A signer's answer to being photographed; the picture is in the document only."""

    seat_id: Id
    taken: bool


class AgreementView(WireModel):
    """The edition that lies before the parties, or the sealed one."""

    edition: int
    clauses: tuple[ClauseView, ...]
    signatures: tuple[SignatureView, ...]
    photos: tuple[PhotoView, ...] = ()
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
    recording: MediationRecordingView = MediationRecordingView()


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
