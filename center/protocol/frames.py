"""Frames that both kiosks and staff pages speak."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from .base import SIGNAL_LIMIT, Id, RequestId, Seq, Timestamp, WireModel
from .views import HallView, RoomView
from .words import ErrorCode, MediaState

SignalPayload = Annotated[str, StringConstraints(min_length=1, max_length=SIGNAL_LIMIT)]


class Request(WireModel):
    """A client's frame that wants an answer; `id` rises within one socket."""

    id: RequestId


class Ack(WireModel):
    """The request `re` was carried out; what it changed arrives as a push."""

    type: Literal["ack"] = "ack"
    re: RequestId


class Refusal(WireModel):
    """A frame was refused and changed nothing; `re` is null when its id could not be read."""

    type: Literal["error"] = "error"
    re: RequestId | None
    code: ErrorCode
    detail: str = Field(max_length=400, description="For logs and engineers, English.")


class Push(WireModel):
    """A frame caused by the event `seq` of the log."""

    seq: Seq


class HallPush(Push):
    """The home screen's live truth."""

    type: Literal["hall.state"] = "hall.state"
    hall: HallView


class RoomPush(Push):
    """Who is in the room now; sent whole at each change."""

    type: Literal["room.state"] = "room.state"
    room: RoomView


class RoomClosed(Push):
    """The room is gone; connections to its peers are to be closed."""

    type: Literal["room.closed"] = "room.closed"
    room_id: Id


class RoomJoin(Request):
    """This peer's page is present in the room, as page instance `page_session`."""

    type: Literal["room.join"] = "room.join"
    room_id: Id
    page_session: Id


class RoomAbsent(Request):
    """The page behind this peer went away, though the peer still belongs to the room."""

    type: Literal["room.absent"] = "room.absent"
    room_id: Id


class RoomSignal(Request):
    """Signalling for the peer `to`; the center does not look inside `payload`."""

    type: Literal["room.signal"] = "room.signal"
    room_id: Id
    to: Id
    payload: SignalPayload


class RoomSignalled(WireModel):
    """Signalling from the peer `sender` of the same room; not an event, so without seq."""

    type: Literal["room.signalled"] = "room.signalled"
    room_id: Id
    sender: Id
    payload: SignalPayload


class MediaReport(Request):
    """What this peer's page sees of its connection to the other end."""

    type: Literal["media.report"] = "media.report"
    consultation_id: Id
    state: MediaState


class Welcome(WireModel):
    """Hello was accepted. Views of everything changed after the client's `last_seq` follow.

    `resumed` is false when the client had nothing or too little, and gets everything.
    """

    type: Literal["welcome"] = "welcome"
    seq: Seq
    resumed: bool
    center_time: Timestamp
    upload_token: str | None = Field(
        default=None,
        description="Bearer token for a kiosk's HTTP requests; null for staff.",
    )


class Ping(Request):
    """Keeps the socket and its presence alive where nothing else is said."""

    type: Literal["ping"] = "ping"
