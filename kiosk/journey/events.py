"""What can happen to a journey."""

from dataclasses import dataclass

from center.protocol.mediation import MediationView
from center.protocol.rest import Lookup
from center.protocol.views import ConsultationView
from center.protocol.words import ErrorCode
from kiosk.messages import AgreementCopy
from kiosk.touch_messages import Touch
from kiosk.words import LinkState, NoticeCode


@dataclass(frozen=True, slots=True)
class Touched:
    """The resident did something; `fresh_id` names the visit, should one begin now."""

    touch: Touch
    fresh_id: str


@dataclass(frozen=True, slots=True)
class ConsultationChanged:
    """The center shows a consultation of this kiosk."""

    view: ConsultationView


@dataclass(frozen=True, slots=True)
class RequestWithdrawn:
    """The request of a resident who left had never been sent, and now never will be."""


@dataclass(frozen=True, slots=True)
class RequestRefused:
    """The center refused to queue the visit."""

    visit_id: str


@dataclass(frozen=True, slots=True)
class MessageRefused:
    """The center refused the message; the resident may try again."""

    visit_id: str


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """The connection to the center is in another state."""

    state: LinkState


@dataclass(frozen=True, slots=True)
class PageSettled:
    """The tracker saw a page lie still long enough to be taken."""


@dataclass(frozen=True, slots=True)
class CaptureAsked:
    """The lawyer asks for a sharp picture of what lies on the desk."""

    consultation_id: str


@dataclass(frozen=True, slots=True)
class PageCaptured:
    """A page is in the spool."""

    visit_id: str
    sha256: str
    verdict: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaptureFailed:
    """No page came of it."""

    visit_id: str
    code: NoticeCode


@dataclass(frozen=True, slots=True)
class PageSent:
    """The center acknowledged a page."""

    visit_id: str
    sha256: str


@dataclass(frozen=True, slots=True)
class PageRefused:
    """The center will never take this page; it has to be laid down again."""

    visit_id: str
    sha256: str


@dataclass(frozen=True, slots=True)
class LookupAnswered:
    """What the center found by number and slip code; null when nothing."""

    visit_id: str
    lookup: Lookup | None


@dataclass(frozen=True, slots=True)
class AgreementAnswered:
    """The copy that number and code stand for; null when there is none, or not yet."""

    visit_id: str
    agreement: AgreementCopy | None


@dataclass(frozen=True, slots=True)
class MediationChanged:
    """The center shows the mediation in which somebody at this kiosk has a seat, or none."""

    view: MediationView | None


@dataclass(frozen=True, slots=True)
class MediationCodeSeen:
    """Number and code of a seat lie under the camera."""

    number: str
    code: str


@dataclass(frozen=True, slots=True)
class JoinRefused:
    """The center did not give the seat."""

    visit_id: str
    code: ErrorCode


@dataclass(frozen=True, slots=True)
class WipeVerified:
    """Every part that held something of the visit looked, and found nothing left."""

    visit_id: str


@dataclass(frozen=True, slots=True)
class Tick:
    """The moment `due()` named has come."""


@dataclass(frozen=True, slots=True)
class Restored:
    """The agent came back and read this journey from its journal."""


Event = (
    Touched
    | ConsultationChanged
    | RequestWithdrawn
    | RequestRefused
    | MessageRefused
    | LinkChanged
    | PageSettled
    | CaptureAsked
    | PageCaptured
    | CaptureFailed
    | PageSent
    | PageRefused
    | LookupAnswered
    | AgreementAnswered
    | MediationChanged
    | MediationCodeSeen
    | JoinRefused
    | WipeVerified
    | Tick
    | Restored
)
