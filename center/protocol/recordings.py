"""The recording of a talk on the wire: asked, answered, stopped, and what can be played later."""

from typing import Literal

from pydantic import Field

from .base import Id, Sha256, Timestamp, WireModel
from .frames import Request
from .recording_view import RecordingView
from .words import PeerRole

__all__ = [
    "RecordingAnswer",
    "RecordingAsk",
    "RecordingDetail",
    "RecordingList",
    "RecordingRetry",
    "RecordingRow",
    "RecordingStop",
    "RecordingView",
]


class RecordingAsk(Request):
    """Ask everybody in the talk whether it may be recorded; the asker agrees by it."""

    type: Literal["recording.ask"] = "recording.ask"
    consultation_id: Id


class RecordingAnswer(Request):
    """Agree to be recorded, or not (any more); nothing when the question is another one by now."""

    type: Literal["recording.answer"] = "recording.answer"
    consultation_id: Id
    recording_id: Id
    agreed: bool


class RecordingStop(Request):
    """End the recording, or take back the question; anybody in the talk may."""

    type: Literal["recording.stop"] = "recording.stop"
    consultation_id: Id
    recording_id: Id


class RecordingRetry(Request):
    """Try again to record what should be and is not; nothing when it is."""

    type: Literal["recording.retry"] = "recording.retry"
    consultation_id: Id
    recording_id: Id


class RecordingRow(WireModel):
    """One run of the recorder. There are several of one recording when the recorder died meanwhile,
    or waited while somebody was apart."""

    reel_id: Id
    recording_id: Id
    room_id: Id = Field(description="The consultation's or the mediation's.")
    number: str = Field(description="Of the consultation or mediation.")
    title: str = Field(description="The hall it came from; what the mediation is about.")
    started_at: Timestamp
    ended_at: Timestamp | None
    sealed: bool = Field(description="Only then it can be played: it runs or is finished before.")
    size: int = Field(description="Bytes of all parts.")


class RecordingList(WireModel):
    """Recordings that the asker may play, newest first."""

    rows: tuple[RecordingRow, ...]


class RecordingPart(WireModel):
    """What one connection showed of a participant, or of their desk: a WebM file at
    `/api/recordings/{reel_id}/parts/{number}.webm`, whose times count from the reel's start."""

    number: int = Field(ge=1)
    peer: Id
    role: PeerRole
    name: str
    since_s: float
    until_s: float
    whole: bool = Field(description="False when the recorder died before its end.")
    streams: tuple[str, ...] = Field(description="face.audio and face.video, or desk.video.")
    size: int
    sha256: Sha256 = Field(description="Of the plain file, as in the signed manifest.")


class RecordingMoment(WireModel):
    """Something that happened while it ran: an event of the log."""

    at_s: float = Field(description="Seconds after the reel's start.")
    name: str = Field(default="", description="Whom it concerns, in a mediation.")
    type: str
    actor: str
    data: dict[str, object]


class RecordingDetail(WireModel):
    """A recording with all that is needed to play it."""

    row: RecordingRow
    manifest: Sha256 | None = Field(description="SHA-256 of the signed manifest.")
    parts: tuple[RecordingPart, ...]
    moments: tuple[RecordingMoment, ...]
