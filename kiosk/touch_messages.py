"""What the resident touches, as the page tells the agent."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from center.protocol.base import LongText, Score, ShortText, WireModel
from center.protocol.mediation import AgreementAsk, MediationNumber, SeatCode
from center.protocol.mediation_acts import AnswerRecording, SeatAct, StopRecording
from center.protocol.rest import LookupAsk
from center.protocol.words import Language, Matter


class Start(WireModel):
    """Touched a tile of the home screen."""

    do: Literal["start"] = "start"
    intent: Literal["lawyer", "scan", "lookup", "mediation"]


class ChooseLanguage(WireModel):
    """Changed the language of the screen; possible on every screen."""

    do: Literal["choose_language"] = "choose_language"
    language: Language


class ChooseTalkLanguage(WireModel):
    """Language of the talk, when it shall differ from the screen."""

    do: Literal["choose_talk_language"] = "choose_talk_language"
    language: Language


class ChooseMatter(WireModel):
    """What it is about; null skips the question."""

    do: Literal["choose_matter"] = "choose_matter"
    matter: Matter | None


class GiveName(WireModel):
    """How the resident wants to be called; null skips the question."""

    do: Literal["give_name"] = "give_name"
    called_as: ShortText | None


class Consent(WireModel):
    """Agreed (or not) to the four lines of the consent screen."""

    do: Literal["consent"] = "consent"
    agreed: bool


class OpenScan(WireModel):
    """Wants to lay papers down now (before, while waiting, or in the call)."""

    do: Literal["open_scan"] = "open_scan"


class CaptureNow(WireModel):
    """Pressed the shutter instead of waiting for the picture to take itself."""

    do: Literal["capture_now"] = "capture_now"


class DropPage(WireModel):
    """Takes back a page that has not left the kiosk yet, to lay it down again."""

    do: Literal["drop_page"] = "drop_page"
    position: int = Field(ge=1)


class ScanDone(WireModel):
    """Finished laying papers down."""

    do: Literal["scan_done"] = "scan_done"


class CallLawyer(WireModel):
    """Asks for the lawyer now, with the papers scanned so far."""

    do: Literal["call_lawyer"] = "call_lawyer"


class LeaveMessage(WireModel):
    """Leaves the question instead of waiting on."""

    do: Literal["leave_message"] = "leave_message"
    text: LongText = ""
    phone: str | None = Field(default=None, pattern=r"^[0-9+ -]{5,20}$")


class AskLookup(WireModel):
    """Wants to see a matter by its slip."""

    do: Literal["ask_lookup"] = "ask_lookup"
    ask: LookupAsk


class AskAgreement(WireModel):
    """Wants a party's copy of an agreement, by its slip."""

    do: Literal["ask_agreement"] = "ask_agreement"
    ask: AgreementAsk


class JoinMediation(WireModel):
    """Wants to take the seat of this number and code in a mediation."""

    do: Literal["join_mediation"] = "join_mediation"
    number: MediationNumber
    code: SeatCode


class ActInMediation(WireModel):
    """Does something in the mediation: speaks up, confirms a clause, signs, goes."""

    do: Literal["act_in_mediation"] = "act_in_mediation"
    act: SeatAct


class HangUp(WireModel):
    """Ends the talk (confirmed on the page)."""

    do: Literal["hang_up"] = "hang_up"


class Rate(WireModel):
    """One of five faces; null skips it."""

    do: Literal["rate"] = "rate"
    score: Score | None


class Back(WireModel):
    do: Literal["back"] = "back"


class Finish(WireModel):
    """Ends the visit: leaves the queue where there is one, and wipes."""

    do: Literal["finish"] = "finish"


class OpenTechnician(WireModel):
    """Held the hall's name on the home screen: the technician wants in."""

    do: Literal["open_technician"] = "open_technician"


class GiveTechnicianCode(WireModel):
    """What the technician typed."""

    do: Literal["give_technician_code"] = "give_technician_code"
    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,12}$")]


class StillHere(WireModel):
    """Answered "are you still there?"."""

    do: Literal["still_here"] = "still_here"


Touch = Annotated[
    Start
    | ChooseLanguage
    | ChooseTalkLanguage
    | ChooseMatter
    | GiveName
    | Consent
    | OpenScan
    | CaptureNow
    | DropPage
    | ScanDone
    | CallLawyer
    | LeaveMessage
    | AskLookup
    | AskAgreement
    | JoinMediation
    | ActInMediation
    | HangUp
    | AnswerRecording
    | StopRecording
    | Rate
    | Back
    | Finish
    | OpenTechnician
    | GiveTechnicianCode
    | StillHere,
    Field(discriminator="do"),
]
