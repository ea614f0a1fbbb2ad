"""Bodies of the HTTP interface; paths and permissions stand in `center.web.routes`."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, SecretStr, StringConstraints

from .base import Id, Score, Sha256, ShortText, Timestamp, WireModel
from .quality import QualitySide
from .views import ColleagueView, EventView, IceServer, KioskView, PageView, StaffView
from .words import (
    ConsultationState,
    EndCause,
    ErrorCode,
    IceTransportPolicy,
    Language,
    Matter,
    Outcome,
    Role,
    Urgency,
)

Username = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9._-]{1,31}$")]
Password = Annotated[SecretStr, Field(min_length=8, max_length=128)]


class Problem(WireModel):
    """Body of every refusal (RFC 9457, `application/problem+json`)."""

    type: str = "about:blank"
    title: str
    status: int
    code: ErrorCode
    detail: str


class Empty(WireModel):
    """Nothing to say beyond success."""


class Login(WireModel):
    """Staff sign-in."""

    username: Username
    password: Annotated[SecretStr, Field(min_length=1, max_length=128)]


class Session(WireModel):
    """Who is signed in, and until when."""

    staff: StaffView
    expires_at: Timestamp
    demo: bool = Field(description="Whether this center runs with demo passwords.")


class Enrol(WireModel):
    """A kiosk's one-time enrolment: the code from the admin, and the key it just made."""

    code: Annotated[str, StringConstraints(min_length=8, max_length=64)]
    public_key: str = Field(max_length=64, description="Ed25519, 32 bytes, base64url, no padding.")


class Enrolled(WireModel):
    """What the kiosk now is."""

    kiosk_id: Id
    township: str
    hall: str
    hall_phone: str
    languages: tuple[Language, ...]


class Quad(WireModel):
    """Corners of a page in the original, pixels, clockwise from the page's top left."""

    points: tuple[
        tuple[float, float],
        tuple[float, float],
        tuple[float, float],
        tuple[float, float],
    ]


class PageRecord(WireModel):
    """What a kiosk tells of a page after one of its pictures was stored by hash. `preview_sha256`
    names the flattened page at the size of a screen; null when the center is to make it."""

    captured_at: Timestamp
    clean_sha256: Sha256
    preview_sha256: Sha256 | None = None
    width: int = Field(gt=0, le=30_000)
    height: int = Field(gt=0, le=30_000)
    quad: Quad | None
    sharpness: float
    verdict: Annotated[tuple[str, ...], Field(max_length=10)] = ()
    codes: Annotated[tuple[Annotated[str, Field(max_length=4000)], ...], Field(max_length=20)] = ()


class PageStored(WireModel):
    """The center's acknowledgement: the page is in the log. When its stage is `whole`, the kiosk
    may forget it; until then the stage says which picture is wanted next."""

    seq: int
    page: PageView


class BlobStored(WireModel):
    """The bytes with this hash are on the center's disk."""

    sha256: Sha256
    size: int


class BlobArrival(WireModel):
    """How much of a picture is here: all of it, or so many bytes from its beginning."""

    stored: bool
    size: int


class UsageRow(WireModel):
    """One consultation in the usage log; every figure is computed from its events."""

    consultation_id: Id
    number: str
    state: ConsultationState
    kiosk_id: Id
    township: str
    hall: str
    language: Language
    matter: Matter
    urgency: Urgency
    requested_at: Timestamp
    lawyer: str | None
    wait_s: int | None = Field(description="Request to accept, or to leaving; null while waiting.")
    talk_s: int | None = Field(description="Media up to the end of the talk; null when none.")
    offers: int
    pages: int
    outcome: Outcome | None
    cause: EndCause | None
    rating: int | None
    mos: float | None = Field(
        default=None, description="Median opinion of both sides' sound, 1 to 4.5 (ITU-T G.107)."
    )
    worst_mos: float | None = None
    loss_percent: float | None = None
    round_trip_ms: int | None = None
    freezes: int | None = None
    weak_percent: float | None = Field(
        default=None, description="Share of the time in which the line was weak or worse."
    )


class UsageFilter(WireModel):
    """Exact filters of the usage log; all optional, all in the URL."""

    since: date | None = None
    until: date | None = None
    kiosk_id: Id | None = None
    state: ConsultationState | None = None
    matter: Matter | None = None
    language: Language | None = None
    lawyer_id: Id | None = None
    outcome: Outcome | None = None
    number: str | None = Field(default=None, max_length=32)
    connected: bool | None = Field(default=None, description="Whether both sides saw each other.")
    max_rating: Score | None = Field(
        default=None, description="Rated, and not better than this; 2 finds the dissatisfied."
    )


class UsagePage(WireModel):
    """A page of the usage log, newest first; `next` is null at the end."""

    rows: tuple[UsageRow, ...]
    next: str | None
    total: int


class UsageDetail(WireModel):
    """One consultation with its events and pages; what was said stays with its lawyer."""

    row: UsageRow
    pages: tuple[PageView, ...]
    events: tuple[EventView, ...]
    quality: tuple[QualitySide, ...] = ()


class Summary(WireModel):
    """Today's figures against the mean of the same weekday over the four weeks before."""

    day: date
    requested: int
    connected: int
    abandoned: int
    waiting_now: int
    talking_now: int
    lawyers_on_duty: int
    answered_within_15_s: int = Field(description="Accepted within 15 s of the request.")
    mean_wait_s: float | None
    mean_talk_s: float | None
    mean_rating: float | None
    dissatisfied: int = Field(description="Ratings of 1 or 2.")
    normal_requested: float | None
    normal_mean_wait_s: float | None
    by_hour: tuple[int, ...] = Field(description="Requests of the day in each hour, 24 values.")


class KioskCreate(WireModel):
    """A kiosk to be set up; the answer carries its one-time code."""

    kiosk_id: Id
    township: ShortText
    hall: ShortText
    hall_phone: ShortText
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]


class EnrolmentCode(WireModel):
    """Shown once to the admin; good for one enrolment until it expires."""

    kiosk_id: Id
    code: str
    expires_at: Timestamp


class KioskList(WireModel):
    kiosks: tuple[KioskView, ...]


class StaffCreate(WireModel):
    """A new account."""

    username: Username
    password: Password
    name: ShortText
    office: str = Field(default="", max_length=120)
    role: Role
    languages: tuple[Language, ...] = (Language.ZH,)
    townships: tuple[str, ...] = ()
    skills: tuple[Matter, ...] = ()


class ColleagueList(WireModel):
    """Who is on duty beside the asker: the free first, then by name."""

    colleagues: tuple[ColleagueView, ...]


class StaffRow(WireModel):
    """An account as the admin sees it."""

    staff: StaffView
    username: Username
    disabled: bool
    last_login_at: Timestamp | None


class StaffList(WireModel):
    staff: tuple[StaffRow, ...]


class StaffPatch(WireModel):
    """Change of an account; absent fields stay."""

    disabled: bool | None = None
    password: Password | None = None


class AuditRow(WireModel):
    """Who looked at or changed what, and when."""

    at: Timestamp
    actor: str
    action: str
    subject: str
    detail: str


class AuditPage(WireModel):
    rows: tuple[AuditRow, ...]
    next: str | None


class LookupAsk(WireModel):
    """The two things printed on a slip."""

    number: Annotated[str, StringConstraints(pattern=r"^YJ-[0-9]{8}-[0-9]{4,6}$")]
    slip_code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


class Lookup(WireModel):
    """What a resident learns about a matter at a kiosk, by its public number and slip code."""

    number: str
    state: ConsultationState
    requested_at: Timestamp
    answer_promised_at: Timestamp | None
    answer: str | None


class LineView(WireModel):
    """What a page tries its line with before a call."""

    ice_servers: tuple[IceServer, ...]
    ice_transport_policy: IceTransportPolicy


class Health(WireModel):
    """Liveness for monitors."""

    status: Literal["ok"]
    version: str
    seq: int
