"""What screens read: projections of the truth, complete in themselves.

A view is always sent whole, so that a client which missed three pushes needs only the newest one.
"""

from pydantic import Field

from .base import Id, LongText, Seq, Sha256, ShortText, Timestamp, WireModel
from .recording_view import RecordingView
from .words import (
    CameraStatus,
    ConsultationState,
    DeviceCheck,
    DutyState,
    EmptyDeskState,
    EndCause,
    IceTransportPolicy,
    KioskStatus,
    Language,
    Matter,
    Outcome,
    PageStage,
    PeerRole,
    Role,
    SpeakerCheck,
    Track,
    Urgency,
)


class HallView(WireModel):
    """What a kiosk's home screen may promise: who is on duty now and how long it would take."""

    lawyers_on_duty: int
    lawyers_free: int
    waiting: int
    estimate_s: int | None = Field(description="Expected wait in seconds; null means unknown.")
    next_answer_at: Timestamp | None = Field(
        description="When a message left now is promised an answer; null while somebody is on duty."
    )
    open: bool = Field(
        default=True,
        description="Whether the service is within its hours, or somebody is on duty beyond them.",
    )
    opens_at: Timestamp | None = Field(
        default=None, description="The next opening; null within the hours, or when none is near."
    )
    closes_at: Timestamp | None = Field(
        default=None, description="End of the present hours; null outside them, or without an end."
    )


class LawyerView(WireModel):
    """The person a resident is offered to or talks with."""

    staff_id: Id
    name: ShortText
    office: str
    languages: tuple[Language, ...]


class PageView(WireModel):
    """One scanned page; pictures are fetched from `/api/consultations/{id}/pages/{position}/…`."""

    position: int = Field(ge=1, description="Order within the document, from 1.")
    sha256: Sha256 = Field(description="Of the untouched original capture.")
    captured_at: Timestamp
    received_at: Timestamp
    width: int = Field(description="Of the flattened picture, pixels.")
    height: int
    verdict: tuple[str, ...] = Field(description="What the scanner found wanting; empty is good.")
    codes: tuple[str, ...] = Field(description="Texts of bar codes on the page.")
    stage: PageStage = Field(
        default=PageStage.WHOLE,
        description="Which pictures can be fetched: the preview, the flattened page, the original.",
    )


class PlaceView(WireModel):
    """A place in the queue; `moved_back` names why it worsened, when it did."""

    position: int = Field(ge=1, description="1 means next.")
    estimate_s: int | None
    moved_back: str | None = None


class ConsultationView(WireModel):
    """A consultation as its kiosk sees it."""

    consultation_id: Id
    number: str
    state: ConsultationState
    language: Language
    matter: Matter
    requested_at: Timestamp
    place: PlaceView | None
    lawyer: LawyerView | None
    deadline: Timestamp | None = Field(
        description="End of the present state's timer, if it has one."
    )
    talk_started_at: Timestamp | None
    pages: tuple[PageView, ...]
    cause: EndCause | None
    rating: int | None
    slip_code: str = Field(description="Six digits; with the number they open the matter later.")
    answer_promised_at: Timestamp | None
    after_hours: bool = Field(
        default=False,
        description="It waits while the service is closed: the kiosk leads to leaving a message.",
    )
    recording: RecordingView = RecordingView()


class WaitingRow(WireModel):
    """One line of the lawyer's list of who waits."""

    consultation_id: Id
    number: str
    state: ConsultationState
    language: Language
    matter: Matter
    urgency: Urgency
    called_as: str | None
    kiosk_id: Id
    township: str
    hall: str
    requested_at: Timestamp
    pages: int
    offered_to: Id | None
    handed_on: bool = Field(default=False, description="Whether a lawyer transferred it.")
    wanted_staff_id: Id | None = Field(default=None, description="The person it was handed to.")
    wanted_skill: Matter | None = Field(default=None, description="The skill it was handed to.")


class DutyView(WireModel):
    """A staff member's own presence."""

    staff_id: Id
    state: DutyState
    missed: int = Field(description="Offers missed in a row; two set the lawyer to away.")
    since: Timestamp


class OfferView(WireModel):
    """A ring: one consultation offered to one lawyer until a deadline."""

    consultation_id: Id
    deadline: Timestamp


class StaffConsultationView(WireModel):
    """A consultation as the lawyer who has it sees it."""

    consultation_id: Id
    number: str
    state: ConsultationState
    language: Language
    matter: Matter
    urgency: Urgency
    called_as: str | None
    kiosk_id: Id
    township: str
    hall: str
    hall_phone: str
    requested_at: Timestamp
    accepted_at: Timestamp | None
    talk_started_at: Timestamp | None
    talk_ended_at: Timestamp | None
    deadline: Timestamp | None
    pages: tuple[PageView, ...]
    advice: str
    notes: str
    notes_saved_at: Timestamp | None
    outcome: Outcome | None
    cause: EndCause | None
    rating: int | None
    recording: RecordingView = RecordingView()
    may_record: bool = Field(default=True, description="Whether this center records at all.")


class MessageView(WireModel):
    """A question left when nobody could answer."""

    consultation_id: Id
    number: str
    language: Language
    matter: Matter
    called_as: str | None
    phone: str | None
    text: LongText
    township: str
    hall: str
    left_at: Timestamp
    promised_at: Timestamp
    pages: tuple[PageView, ...]


class StaffView(WireModel):
    """A signed-in staff member."""

    staff_id: Id
    name: ShortText
    office: str
    role: Role
    languages: tuple[Language, ...]
    townships: tuple[str, ...]
    skills: tuple[Matter, ...]


class ColleagueView(StaffView):
    """Somebody on duty to whom a consultation may be transferred."""

    state: DutyState
    since: Timestamp = Field(description="Since when they are in this state.")


class IceServer(WireModel):
    """One entry of RTCConfiguration.iceServers."""

    urls: tuple[str, ...]
    username: str | None = None
    credential: str | None = None


class PeerView(WireModel):
    """Another endpoint of the room that this peer connects to."""

    peer_id: Id
    role: PeerRole
    name: str
    page_session: Id | None = Field(
        description="Changes when the page behind the peer was loaded anew; null while absent."
    )
    online: bool
    polite: bool = Field(description="Whether *this* side yields in an offer collision with it.")
    send: tuple[Track, ...] = Field(
        default=tuple(Track), description="What this side may send it, and nothing else."
    )


class RoomView(WireModel):
    """A room as one of its peers sees it."""

    room_id: Id
    open: bool = Field(
        description="Whether the talk was accepted; before, pages connect, but send nothing."
    )
    you: Id
    your_session: str | None = Field(
        default=None,
        description="The page of yours that is in the room; of several the one that joined last.",
    )
    peers: tuple[PeerView, ...]
    ice_servers: tuple[IceServer, ...] = Field(
        description="Relays, nearest first. Their credentials end; newer ones come in time."
    )
    ice_transport_policy: IceTransportPolicy = IceTransportPolicy.ALL


class LineCheck(WireModel):
    """What was found of everything a talk needs, before one; null figures were not to be had."""

    camera: DeviceCheck
    microphone: DeviceCheck
    loudspeaker: SpeakerCheck
    round_trip_ms: int | None = Field(ge=0, le=600_000, description="To the center.")
    loss: float | None = Field(
        ge=0, le=1, description="Of short packets over the nearest relay and back."
    )
    down_kbps: int | None = Field(ge=0, le=10_000_000)
    up_kbps: int | None = Field(ge=0, le=10_000_000)
    relays: int = Field(ge=0, le=100, description="How many there are to try.")
    relays_reached: int = Field(ge=0, le=100)


class KioskHealth(WireModel):
    """What a kiosk says of itself in each heartbeat."""

    camera: CameraStatus
    page_alive: bool
    disk_free_mb: int = Field(ge=0)
    spool_pages: int = Field(ge=0, description="Pages not yet acknowledged by the center.")
    cpu_percent: float = Field(ge=0, le=100)
    memory_percent: float = Field(ge=0, le=100)
    uptime_s: int = Field(ge=0)
    version: str = Field(max_length=40)
    empty_desk: EmptyDeskState = EmptyDeskState.NOT_SHOWN
    line: LineCheck | None = Field(
        default=None,
        description="The newest check, made while a resident waited or by a technician.",
    )


class KioskView(WireModel):
    """One kiosk as the admin sees it."""

    kiosk_id: Id
    township: str
    hall: str
    hall_phone: str
    languages: tuple[Language, ...]
    status: KioskStatus
    online: bool
    last_seen_at: Timestamp | None
    clock_skew_s: float | None = Field(
        description="Kiosk clock minus center clock; shown, not trusted."
    )
    health: KioskHealth | None
    consultation_number: str | None


class EventView(WireModel):
    """One entry of the event log."""

    seq: Seq
    stream: str
    version: int
    type: str
    at: Timestamp
    actor: str
    data: dict[str, object]
