"""Frames between a kiosk's agent and the center (`/ws/kiosk`)."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from .base import Id, LongText, Score, Seq, ShortText, Timestamp, WireModel
from .frames import (
    Ack,
    HallPush,
    MediaReport,
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
from .mediation import KioskMediationAct, MediationJoin, MediationPush
from .papers import (
    MarkPut,
    MarksPush,
    MarkTakeBack,
    PointerMove,
    PointerMoved,
    SheetClose,
    SheetPush,
)
from .quality import QualityReport, RoomQualityReport
from .recordings import RecordingAnswer, RecordingStop
from .views import ConsultationView, KioskHealth
from .words import Language, Matter


class Challenge(WireModel):
    """First frame of the center: sign these bytes to prove who you are."""

    type: Literal["challenge"] = "challenge"
    protocol: int
    nonce: str = Field(description="Base64url, 32 random bytes, good for this socket only.")


class KioskHello(WireModel):
    """First frame of a kiosk.

    `signature` is Ed25519 over `challenge_bytes(nonce, kiosk_id)`, base64url without padding.
    """

    type: Literal["kiosk.hello"] = "kiosk.hello"
    protocol: int
    kiosk_id: Id
    signature: str = Field(max_length=128)
    last_seq: Seq
    kiosk_time: Timestamp


class Heartbeat(Request):
    """Health and clock, every few seconds; the clock is shown to admins, never trusted."""

    type: Literal["kiosk.heartbeat"] = "kiosk.heartbeat"
    kiosk_time: Timestamp
    health: KioskHealth


class ConsultationRequest(Request):
    """The resident consented and asks for a lawyer. Repeating a `client_ref` changes nothing."""

    type: Literal["consultation.request"] = "consultation.request"
    client_ref: Id
    language: Language
    matter: Matter
    called_as: ShortText | None = None
    consent_version: str = Field(min_length=1, max_length=20)


class ConsultationLeave(Request):
    """The resident stops waiting."""

    type: Literal["consultation.leave"] = "consultation.leave"
    consultation_id: Id


class ConsultationHangUp(Request):
    """The resident ends the talk."""

    type: Literal["consultation.hang_up"] = "consultation.hang_up"
    consultation_id: Id


class ConsultationRate(Request):
    """How content the resident is, 1 (not at all) to 5 (very)."""

    type: Literal["consultation.rate"] = "consultation.rate"
    consultation_id: Id
    score: Score


class MessageLeave(Request):
    """Nobody can answer: the waiting consultation becomes a message with a promised answer."""

    type: Literal["message.leave"] = "message.leave"
    consultation_id: Id
    text: LongText = ""
    phone: str | None = Field(default=None, pattern=r"^[0-9+ -]{5,20}$")


class ConsultationPush(Push):
    """A consultation of this kiosk changed."""

    type: Literal["consultation.state"] = "consultation.state"
    consultation: ConsultationView


class DeskCaptureAsked(Push):
    """The lawyer asks for a sharp picture of what lies under the document camera."""

    type: Literal["desk.capture_asked"] = "desk.capture_asked"
    consultation_id: Id


class TokenPush(WireModel):
    """A fresh bearer token for uploads; the old one stays good for a minute."""

    type: Literal["kiosk.token"] = "kiosk.token"
    upload_token: str


class Revoked(WireModel):
    """This kiosk was revoked; the socket is closed right after."""

    type: Literal["kiosk.revoked"] = "kiosk.revoked"


KioskToCenter = Annotated[
    Heartbeat
    | ConsultationRequest
    | ConsultationLeave
    | ConsultationHangUp
    | ConsultationRate
    | MessageLeave
    | RecordingAnswer
    | RecordingStop
    | MediaReport
    | QualityReport
    | RoomQualityReport
    | MediationJoin
    | KioskMediationAct
    | RoomJoin
    | RoomAbsent
    | RoomSignal
    | SheetClose
    | MarkPut
    | MarkTakeBack
    | PointerMove,
    Field(discriminator="type"),
]
CenterToKiosk = Annotated[
    Challenge
    | Welcome
    | Ack
    | Refusal
    | HallPush
    | ConsultationPush
    | DeskCaptureAsked
    | SheetPush
    | MarksPush
    | PointerMoved
    | MediationPush
    | RoomPush
    | RoomClosed
    | RoomSignalled
    | TokenPush
    | Revoked,
    Field(discriminator="type"),
]

kiosk_to_center: TypeAdapter[KioskToCenter] = TypeAdapter(KioskToCenter)
center_to_kiosk: TypeAdapter[CenterToKiosk] = TypeAdapter(CenterToKiosk)


def challenge_bytes(nonce: str, kiosk_id: str) -> bytes:
    """What a kiosk signs: bound to this purpose, so that the signature proves nothing else."""
    return f"jiujin-kiosk-hello-v1\n{nonce}\n{kiosk_id}".encode()
