"""Frames between the kiosk page and the agent, on loopback (`/ws/page`).

The agent owns the journey: the page shows the newest `KioskState` and sends touches. The page
keeps nothing but the media connections, so reloading it loses nothing.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, TypeAdapter

from center.protocol.base import Id, Timestamp, WireModel
from center.protocol.frames import SignalPayload
from center.protocol.mediation import MediationView
from center.protocol.quality import QualityRecord
from center.protocol.rest import Lookup
from center.protocol.views import ConsultationView, HallView, LineCheck, RoomView
from center.protocol.words import CameraStatus, Language, Matter, MediaState
from kiosk.paper_messages import (
    PageCloseSheet,
    PageDraw,
    PagePoint,
    PageTakeBack,
    PapersPointer,
    PapersState,
)
from kiosk.self_test_messages import MachineFound, PageSelfTest
from kiosk.touch_messages import Touch
from kiosk.words import CoachWord, LinkState, NoticeCode, Screen

PAGE_PROTOCOL_VERSION = 1


# --- page to agent --------------------------------------------------------------------------


class PageHello(WireModel):
    """First frame of the page; `page_session` is random for each load of the page."""

    type: Literal["page.hello"] = "page.hello"
    protocol: int
    page_session: Id


class PageTouch(WireModel):
    """The resident touched something."""

    type: Literal["page.touch"] = "page.touch"
    touch: Touch


class PageAlive(WireModel):
    """The page's heartbeat, every 2 s; a page that stops is reported and reloaded."""

    type: Literal["page.alive"] = "page.alive"


class PageMedia(WireModel):
    """What the page sees of the connection to the lawyer."""

    type: Literal["page.media"] = "page.media"
    state: MediaState


class PageQuality(WireModel):
    """How good the line of the talk was for this page, for the center's record."""

    type: Literal["page.quality"] = "page.quality"
    consultation_id: Id
    record: QualityRecord


class PageRoomQuality(WireModel):
    """The same of one of its links in a mediation."""

    type: Literal["page.room_quality"] = "page.room_quality"
    mediation_id: Id
    peer_id: Id
    record: QualityRecord


class PageLineCheck(WireModel):
    """What the page found of its devices and the line while the resident waits."""

    type: Literal["page.line_check"] = "page.line_check"
    check: LineCheck


class PageSignal(WireModel):
    """Signalling for a peer of the room; passed on unread."""

    type: Literal["page.signal"] = "page.signal"
    to: Id
    payload: SignalPayload


class DeskOffer(WireModel):
    """The page offers a loopback connection to receive the document camera's live track."""

    type: Literal["desk.offer"] = "desk.offer"
    sdp: Annotated[str, StringConstraints(max_length=64_000)]


class DeskNeeded(WireModel):
    """Whether the page has a use for pictures of the desk; a new connection begins with some."""

    type: Literal["desk.needed"] = "desk.needed"
    needed: bool


class PageWiped(WireModel):
    """The page has thrown away everything of the visit and says what it then found left."""

    type: Literal["page.wiped"] = "page.wiped"
    leftovers: tuple[Annotated[str, Field(max_length=120)], ...] = Field(
        max_length=50,
        description="Names of storage entries, connections or tracks still there.",
    )


PageToAgent = Annotated[
    PageHello
    | PageTouch
    | PageAlive
    | PageMedia
    | PageQuality
    | PageRoomQuality
    | PageLineCheck
    | PageSignal
    | DeskOffer
    | DeskNeeded
    | PageDraw
    | PageTakeBack
    | PagePoint
    | PageCloseSheet
    | PageSelfTest
    | PageWiped,
    Field(discriminator="type"),
]


# --- agent to page --------------------------------------------------------------------------


class PlaceInfo(WireModel):
    """Where this kiosk stands."""

    kiosk_id: Id
    township: str
    hall: str
    hall_phone: str
    languages: tuple[Language, ...]


class ScannedPage(WireModel):
    """A page of this visit; the thumbnail is at `/visit/pages/{position}/thumb`."""

    position: int = Field(ge=1)
    sent: bool = Field(description="Acknowledged by the center.")
    verdict: tuple[str, ...]


class Notice(WireModel):
    """Something went wrong or needs saying; worded by the page in its language."""

    code: NoticeCode
    at: Timestamp


class Slip(WireModel):
    """What the slip shows; the QR code picture is at `/visit/slip.svg`."""

    number: str
    slip_code: str
    qr_text: str
    answer_promised_at: Timestamp | None


class AgreementCopy(WireModel):
    """A sealed agreement that a party came for; page `n` is at `/visit/agreement/{n}`."""

    number: str
    texts: tuple[str, ...] = Field(description="The words of each page, to be read aloud.")


class KioskState(WireModel):
    """Everything the page shows, sent whole at each change."""

    type: Literal["kiosk.state"] = "kiosk.state"
    screen: Screen
    language: Language
    talk_language: Language
    place: PlaceInfo
    now: Timestamp
    link: LinkState
    clock_skewed: bool
    camera: CameraStatus
    hall: HallView | None
    matter: Matter | None
    pages: tuple[ScannedPage, ...]
    consultation: ConsultationView | None
    mediation: MediationView | None = None
    room: RoomView | None
    slip: Slip | None
    lookup: Lookup | None
    agreement: AgreementCopy | None = None
    notices: tuple[Notice, ...]
    can_go_back: bool
    idle_warning_until: Timestamp | None = Field(
        description="Set while the screen asks whether anybody is still there."
    )
    home_at: Timestamp | None = Field(description="When the last screen returns home by itself.")
    wiped: bool = Field(description="True once the wipe of the last visit was verified.")


class DeskTrack(WireModel):
    """What the tracker sees in the live desk picture; at most ten a second."""

    type: Literal["desk.track"] = "desk.track"
    coach: CoachWord
    progress: float = Field(ge=0, le=1, description="The ring that fills while the page is still.")
    quad: tuple[tuple[float, float], ...] | None = Field(
        description="Four corners as fractions of width and height, or null."
    )
    camera: CameraStatus


class DeskCaptured(WireModel):
    """The shutter: page `position` was taken."""

    type: Literal["desk.captured"] = "desk.captured"
    position: int


class DeskAnswer(WireModel):
    """Answer to the newest `desk.offer`."""

    type: Literal["desk.answer"] = "desk.answer"
    sdp: str


class DeskFailed(WireModel):
    """No desk connection can be made now."""

    type: Literal["desk.failed"] = "desk.failed"
    camera: CameraStatus


class RoomSignalIn(WireModel):
    """Signalling from a peer of the room."""

    type: Literal["room.signalled"] = "room.signalled"
    sender: Id
    payload: SignalPayload


class Wipe(WireModel):
    """The visit is over: forget everything and answer with `page.wiped`."""

    type: Literal["page.wipe"] = "page.wipe"


class PageRefusal(WireModel):
    """A frame of the page was refused and changed nothing."""

    type: Literal["page.error"] = "page.error"
    code: NoticeCode
    detail: str


AgentToPage = Annotated[
    KioskState
    | DeskTrack
    | DeskCaptured
    | DeskAnswer
    | DeskFailed
    | RoomSignalIn
    | PapersState
    | PapersPointer
    | MachineFound
    | Wipe
    | PageRefusal,
    Field(discriminator="type"),
]

page_to_agent: TypeAdapter[PageToAgent] = TypeAdapter(PageToAgent)
agent_to_page: TypeAdapter[AgentToPage] = TypeAdapter(AgentToPage)
