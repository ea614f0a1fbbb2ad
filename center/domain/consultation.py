"""A consultation: one resident's visit that asks for a person, from the touch to the filed outcome.

The truth is the log of its events; this module says which events may follow which, and what the
consultation is after each. It does no I/O and reads no clock: `now` is handed in, timers are the
`deadline` of a state and come back as the event that `expiry` names.

    state        event                          next
    ───────────  ─────────────────────────────  ──────────────────────────────────────────────
    (none)       Requested                      waiting
    waiting      Offered                        offered
    waiting      Taken                          connecting
    waiting      Relaxed, Escalated,            waiting (its lawyers may be rung for it again)
                 Reconsidered
    waiting      Left · KioskRevoked            left
    waiting      MessageLeft                    message
    offered      Accepted                       connecting
    offered      Declined, OfferExpired         waiting, at its old place
    offered      Left · KioskRevoked            left
    offered      MessageLeft                    message
    connecting   MediaReported                  active when both sides are up; interrupted when one
                                                failed; otherwise connecting
    connecting   ConnectExpired                 interrupted
    active       MediaReported lost or failed   interrupted
    interrupted  MediaReported                  active when both sides are up again
    interrupted  GraceExpired                   wrap_up (lost)
    the three    HungUp, KioskRevoked           wrap_up
    the three    Transferred                    waiting, at the head
    wrap_up      Filed                          closed
    wrap_up      WrapUpExpired                  closed (follow_up)
    message      Answered                       closed
    wrap_up,     Rated (once, after a talk)     unchanged
    closed
    any but      PageAdded                      unchanged; a page whose line was cut may come late
    left

Every state has at most one deadline. A waiting consultation's is the next thing that helps it: first
the language of the talk stops binding, then the supervisor is alarmed, again and again. An event that
is not in the table raises `IllegalTransition` and changes nothing. A media report that tells nothing
new is legal and makes no step worth recording: it returns the very same consultation.

What a step means for the lawyer's duty is returned as effects, so that both change in one commit.
"""

from dataclasses import dataclass
from datetime import datetime

from center.domain import duty
from center.domain.duty import DutyEvent
from center.domain.errors import IllegalTransition
from center.domain.events import (
    Accepted,
    Answered,
    ConnectExpired,
    Declined,
    Escalated,
    Event,
    Filed,
    GraceExpired,
    HungUp,
    KioskRevoked,
    Left,
    MediaReported,
    MessageLeft,
    Offered,
    OfferExpired,
    PageAdded,
    Rated,
    Reconsidered,
    Relaxed,
    Requested,
    Taken,
    Transferred,
    WrapUpExpired,
)
from center.domain.rules import Rules
from center.protocol.words import (
    ConsultationState as State,
)
from center.protocol.words import (
    EndCause,
    Language,
    Matter,
    MediaState,
    Outcome,
    PeerRole,
    Urgency,
)

BOTH = frozenset({PeerRole.KIOSK, PeerRole.STAFF})


@dataclass(frozen=True, slots=True)
class Consultation:
    """The state after `version` events. Times are aware UTC.

    `queued_at` is the arrival that orders the queue; a decline keeps it. `head` marks a resident handed
    on by a lawyer, `wanted_staff_id` the person they were handed to. `staff_id` is whom it rings for,
    or who has or had it. `declined_by` are lawyers not to be rung for it for the moment. `accepted_at`
    and `talk_started_at` are those of the first lawyer: the wait that the resident felt.
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
"""States with a lawyer and a room."""

QUEUED = frozenset({State.WAITING, State.OFFERED})
"""States with a place in the queue."""
