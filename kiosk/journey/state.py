"""What a journey remembers. Everything personal is in `Visit`, so forgetting is one field."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from center.protocol.mediation import MediationView
from center.protocol.rest import Lookup
from center.protocol.views import ConsultationView
from center.protocol.words import ConsultationState, Language, Matter
from config.settings import JourneySettings
from kiosk.messages import AgreementCopy
from kiosk.words import Screen

Intent = Literal["lawyer", "scan", "lookup", "mediation"]

CAMERA_SCREENS = frozenset(
    {
        Screen.SCAN,
        Screen.CALL,
        Screen.CALL_SCAN,
        Screen.INTERRUPTED,
        Screen.JOIN,
        Screen.MEDIATION,
        Screen.TECHNICIAN,
        Screen.SELF_TEST,
    }
)
SCAN_SCREENS = frozenset({Screen.SCAN, Screen.CALL_SCAN})
TALK_SCREENS = frozenset({Screen.CALL, Screen.CALL_SCAN, Screen.INTERRUPTED})

SERVICE_SCREENS = frozenset({Screen.TECHNICIAN, Screen.SELF_TEST})

IN_QUEUE = frozenset({ConsultationState.WAITING, ConsultationState.OFFERED})
TALKING = frozenset(
    {ConsultationState.CONNECTING, ConsultationState.ACTIVE, ConsultationState.INTERRUPTED}
)
OPEN = IN_QUEUE | TALKING


@dataclass(frozen=True, slots=True)
class Rules:
    """What does not change during a visit; without a code no technician gets in."""

    languages: tuple[Language, ...]
    patience: JourneySettings
    technician_code: str | None = field(default=None, repr=False)

    @property
    def home_language(self) -> Language:
        """What the screen speaks before anybody chose."""
        return self.languages[0]


@dataclass(frozen=True, slots=True)
class TakenPage:
    """A page in the spool; positions rise and are never used twice in a visit."""

    position: int
    sha256: str
    verdict: tuple[str, ...] = ()
    sent: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """One resident, from the first touch until nothing is left of it.

    `visit_id` is also the `client_ref` of the consultation. `requested` is true from the
    moment the request was decided, `consultation` is set when the center shows it.
    """

    visit_id: str
    intent: Intent
    talk_language: Language | None = None
    matter: Matter | None = None
    called_as: str | None = None
    requested: bool = False
    message_left: bool = False
    hung_up: bool = False
    capturing: bool = False
    taken: int = 0
    pages: tuple[TakenPage, ...] = ()
    consultation: ConsultationView | None = None
    lookup: Lookup | None = None
    agreement: AgreementCopy | None = None
    mediation: MediationView | None = None


@dataclass(frozen=True, slots=True)
class SlipFacts:
    """All that outlives the visit, for as long as the slip is on the screen."""

    number: str
    slip_code: str
    answer_promised_at: datetime | None


@dataclass(frozen=True, slots=True)
class Journey:
    """One kiosk's screen, and the visit behind it.

    `abandoned` counts requests whose resident left before the center showed the consultation;
    `disowned` names consultations that belong to nobody here any more. Both hold no personal
    data and keep the next resident from inheriting the last one's place in the queue.
    `wrong_codes` is when somebody guessed at the technician's code of late.
    """

    screen: Screen
    language: Language
    touched_at: datetime
    visit: Visit | None = None
    slip: SlipFacts | None = None
    idle_warning_until: datetime | None = None
    home_at: datetime | None = None
    wiping: frozenset[str] = frozenset()
    wiped: bool = False
    abandoned: int = 0
    disowned: frozenset[str] = frozenset()
    wrong_codes: tuple[datetime, ...] = ()


def at_home(now: datetime, rules: Rules) -> Journey:
    """A kiosk that nobody has touched."""
    return Journey(Screen.HOME, rules.home_language, now)
