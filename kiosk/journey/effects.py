"""What a journey wants done; carried out by the agent after the journey was saved."""

from dataclasses import dataclass

from center.protocol.mediation import AgreementAsk
from center.protocol.mediation_acts import SeatAct
from center.protocol.rest import LookupAsk
from center.protocol.words import Language, Matter
from kiosk.journey.state import Journey
from kiosk.words import NoticeCode


@dataclass(frozen=True, slots=True)
class RequestConsultation:
    """Ask the center for a lawyer; repeating it changes nothing."""

    visit_id: str
    language: Language
    matter: Matter
    called_as: str | None


@dataclass(frozen=True, slots=True)
class Leave:
    """Stop waiting."""

    consultation_id: str


@dataclass(frozen=True, slots=True)
class WithdrawRequest:
    """The resident left before the center answered: unsay the request, or forget its name."""

    visit_id: str


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the talk."""

    consultation_id: str


@dataclass(frozen=True, slots=True)
class AnswerRecording:
    """Tell whether the resident agrees that the talk is recorded."""

    consultation_id: str
    recording_id: str
    agreed: bool


@dataclass(frozen=True, slots=True)
class StopRecording:
    """End the recording."""

    consultation_id: str
    recording_id: str


@dataclass(frozen=True, slots=True)
class SendRating:
    consultation_id: str
    score: int


@dataclass(frozen=True, slots=True)
class LeaveMessage:
    visit_id: str
    consultation_id: str
    text: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class AskLookup:
    visit_id: str
    ask: LookupAsk


@dataclass(frozen=True, slots=True)
class AskAgreement:
    """Fetch a party's copy."""

    visit_id: str
    ask: AgreementAsk


@dataclass(frozen=True, slots=True)
class JoinMediation:
    """Ask the center for the seat of this code."""

    visit_id: str
    number: str
    code: str


@dataclass(frozen=True, slots=True)
class ActInMediation:
    """Tell the center what whoever is here does in the mediation."""

    mediation_id: str
    act: SeatAct


@dataclass(frozen=True, slots=True)
class StartCamera:
    """Light the desk."""


@dataclass(frozen=True, slots=True)
class StopCamera:
    """Nobody shows papers now."""


@dataclass(frozen=True, slots=True)
class CapturePage:
    """Take a sharp picture of the desk into the spool of this visit."""

    visit_id: str


@dataclass(frozen=True, slots=True)
class DropPage:
    """Delete a page that the center has not seen."""

    visit_id: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Wipe:
    """Forget the visit everywhere, look, and come back with `WipeVerified`."""

    visit_id: str


@dataclass(frozen=True, slots=True)
class Tell:
    """Say something to the resident."""

    code: NoticeCode


Effect = (
    RequestConsultation
    | Leave
    | WithdrawRequest
    | HangUp
    | AnswerRecording
    | StopRecording
    | SendRating
    | LeaveMessage
    | AskLookup
    | AskAgreement
    | JoinMediation
    | ActInMediation
    | StartCamera
    | StopCamera
    | CapturePage
    | DropPage
    | Wipe
    | Tell
)


@dataclass(frozen=True, slots=True)
class Step:
    """What became of the journey, and what is to be done."""

    journey: Journey
    effects: tuple[Effect, ...] = ()
