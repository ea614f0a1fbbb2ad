"""Frames between a staff member's page and the center (`/ws/staff`)."""

from typing import Annotated, Literal, Self

from pydantic import Field, TypeAdapter, model_validator

from .base import Id, LongText, Seq, ShortText, WireModel
from .frames import (
    Ack,
    HallPush,
    MediaReport,
    Ping,
    Push,
    Refusal,
    Request,
    RoomAbsent,
    RoomClosed,
    RoomJoin,
    RoomPush,
    RoomSignal,
    RoomSignalled,
    Welcome,
)
from .mediation import MediationsPush, StaffMediationAct
from .papers import (
    MarkPut,
    MarksPush,
    MarkTakeBack,
    PointerMove,
    PointerMoved,
    SheetClose,
    SheetPush,
    SheetShow,
)
from .quality import QualityReport, RoomQualityReport
from .recordings import RecordingAnswer, RecordingAsk, RecordingRetry, RecordingStop
from .views import (
    DutyView,
    KioskView,
    MessageView,
    OfferView,
    StaffConsultationView,
    WaitingRow,
)
from .words import DutyState, Matter, Outcome


class StaffHello(WireModel):
    """First frame of a staff page; who it is was settled by the session cookie."""

    type: Literal["staff.hello"] = "staff.hello"
    protocol: int
    last_seq: Seq


class DutySet(Request):
    """Go on duty, off duty, or away for a moment."""

    type: Literal["duty.set"] = "duty.set"
    state: Literal[DutyState.AVAILABLE, DutyState.AWAY, DutyState.OFF]


class OfferAccept(Request):
    """Take the consultation that rings."""

    type: Literal["offer.accept"] = "offer.accept"
    consultation_id: Id


class OfferDecline(Request):
    """Pass on the consultation that rings; it keeps its place."""

    type: Literal["offer.decline"] = "offer.decline"
    consultation_id: Id


class QueueTake(Request):
    """Take the head of the queue, or the named consultation, without waiting for a ring."""

    type: Literal["queue.take"] = "queue.take"
    consultation_id: Id | None = None


class StaffHangUp(Request):
    """End the talk from the lawyer's side."""

    type: Literal["consultation.hang_up"] = "consultation.hang_up"
    consultation_id: Id


class NotesSave(Request):
    """Keep the draft of notes and advice as it is now."""

    type: Literal["consultation.notes"] = "consultation.notes"
    consultation_id: Id
    notes: LongText
    advice: LongText


class ConsultationFile(Request):
    """Close a consultation in wrap-up with its outcome."""

    type: Literal["consultation.file"] = "consultation.file"
    consultation_id: Id
    advice: LongText
    notes: LongText
    outcome: Outcome


class ConsultationTransfer(Request):
    """Hand a consultation back to the head of the queue: to a person, to somebody who knows a
    matter, or (both null) to whoever is next."""

    type: Literal["consultation.transfer"] = "consultation.transfer"
    consultation_id: Id
    to_staff_id: Id | None = None
    to_skill: Matter | None = None
    reason: ShortText

    @model_validator(mode="after")
    def _to_one(self) -> Self:
        if self.to_staff_id is not None and self.to_skill is not None:
            raise ValueError("to_staff_id or to_skill, not both")
        return self


class MessageAnswer(Request):
    """Answer a message that was left; the resident reads it at any kiosk by its number."""

    type: Literal["message.answer"] = "message.answer"
    consultation_id: Id
    answer: Annotated[str, Field(min_length=1, max_length=8000)]


class DeskCapture(Request):
    """Ask the kiosk for a sharp picture of the desk."""

    type: Literal["desk.capture"] = "desk.capture"
    consultation_id: Id


class DutyPush(Push):
    """Your own presence changed."""

    type: Literal["duty.state"] = "duty.state"
    duty: DutyView


class QueuePush(Push):
    """Who waits, in the order of the queue, and what messages are open."""

    type: Literal["queue.state"] = "queue.state"
    rows: tuple[WaitingRow, ...]
    messages: tuple[MessageView, ...]


class OfferPush(Push):
    """A consultation rings for you, or has stopped ringing when `offer` is null."""

    type: Literal["consultation.offer"] = "consultation.offer"
    offer: OfferView | None


class StaffConsultationPush(Push):
    """The consultation in your hands changed; null when you have none."""

    type: Literal["consultation.state"] = "consultation.state"
    consultation: StaffConsultationView | None


class FleetPush(Push):
    """One kiosk's state changed (supervisors and admins)."""

    type: Literal["fleet.state"] = "fleet.state"
    kiosk: KioskView


StaffToCenter = Annotated[
    Ping
    | DutySet
    | OfferAccept
    | OfferDecline
    | QueueTake
    | StaffHangUp
    | NotesSave
    | ConsultationFile
    | ConsultationTransfer
    | MessageAnswer
    | DeskCapture
    | RecordingAsk
    | RecordingRetry
    | RecordingAnswer
    | RecordingStop
    | SheetShow
    | SheetClose
    | MarkPut
    | MarkTakeBack
    | PointerMove
    | MediaReport
    | QualityReport
    | RoomQualityReport
    | StaffMediationAct
    | RoomJoin
    | RoomAbsent
    | RoomSignal,
    Field(discriminator="type"),
]
CenterToStaff = Annotated[
    Welcome
    | Ack
    | Refusal
    | HallPush
    | DutyPush
    | QueuePush
    | OfferPush
    | StaffConsultationPush
    | SheetPush
    | MarksPush
    | PointerMoved
    | FleetPush
    | MediationsPush
    | RoomPush
    | RoomClosed
    | RoomSignalled,
    Field(discriminator="type"),
]

staff_to_center: TypeAdapter[StaffToCenter] = TypeAdapter(StaffToCenter)
center_to_staff: TypeAdapter[CenterToStaff] = TypeAdapter(CenterToStaff)
