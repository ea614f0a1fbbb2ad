"""A consultation as a value: what is known of one resident's visit after each of its events.

How one becomes the next is the business of `center.domain.transitions`.
"""

from dataclasses import dataclass
from datetime import datetime

from center.domain.duty import DutyEvent
from center.domain.recording import NEVER, Recording
from center.protocol.words import ConsultationState as State
from center.protocol.words import EndCause, Language, Matter, Outcome, PeerRole, Urgency

BOTH = frozenset({PeerRole.KIOSK, PeerRole.STAFF})


@dataclass(frozen=True, slots=True)
class Consultation:
    """The state after `version` events. Times are aware UTC.

    `queued_at` is the arrival that orders the queue; a decline keeps it. `head` marks a resident
    handed on by a lawyer, `wanted_staff_id` the person or `wanted_skill` the knowledge they were
    handed to. `staff_id` is whom it rings for, or who has or had it. `declined_by` are lawyers not
    to be rung for it for the moment.
    `sheet_id` names what the lawyer has put on the resident's screen.
    `accepted_at` and `talk_started_at` are those of the first lawyer: the wait that the resident
    felt.
    """

    id: str
    number: str
    slip_code: str
    version: int
    state: State
    kiosk_id: str
    township: str
    client_ref: str
    language: Language
    matter: Matter
    urgency: Urgency
    requested_at: datetime
    queued_at: datetime
    place_on_arrival: int
    deadline: datetime | None
    relaxed: bool = False
    escalated_at: datetime | None = None
    head: bool = False
    wanted_staff_id: str | None = None
    wanted_skill: Matter | None = None
    staff_id: str | None = None
    offers: int = 0
    declined_by: frozenset[str] = frozenset()
    accepted_at: datetime | None = None
    talk_started_at: datetime | None = None
    talk_ended_at: datetime | None = None
    media_up: frozenset[PeerRole] = frozenset()
    cause: EndCause | None = None
    rating: int | None = None
    outcome: Outcome | None = None
    answer_promised_at: datetime | None = None
    pages: int = 0
    sheet_id: str | None = None
    recording: Recording = NEVER


@dataclass(frozen=True, slots=True)
class OnDuty:
    """An effect: this happens to the duty of `staff_id` in the same commit."""

    staff_id: str
    event: DutyEvent


@dataclass(frozen=True, slots=True)
class Step:
    """What an event made of a consultation."""

    consultation: Consultation
    effects: tuple[OnDuty, ...] = ()


TALKING = frozenset({State.CONNECTING, State.ACTIVE, State.INTERRUPTED})
"""States with a lawyer and an open room."""

QUEUED = frozenset({State.WAITING, State.OFFERED})
"""States with a place in the queue."""
