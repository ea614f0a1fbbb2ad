"""What can happen to a consultation. No event carries personal words: they would stay in the log.

`Relaxed`, `Escalated`, `OfferExpired`, `ConnectExpired`, `GraceExpired` and `WrapUpExpired` are the
deadlines of a state coming back as events (see `center.domain.transitions.expiry`).
"""

from dataclasses import dataclass, field
from datetime import datetime

from center.domain.recording import RecordingEvent
from center.protocol.words import (
    Language,
    Matter,
    MediaState,
    Outcome,
    PageStage,
    PeerRole,
    Urgency,
)


@dataclass(frozen=True, slots=True)
class Requested:
    """A resident consented and asks for a lawyer; `place` is the position found on arrival."""

    consultation_id: str
    number: str
    slip_code: str = field(metadata={"secret": True})
    kiosk_id: str
    township: str
    client_ref: str
    consent_version: str
    language: Language
    matter: Matter
    place: int
    urgency: Urgency = Urgency.NORMAL


@dataclass(frozen=True, slots=True)
class Offered:
    """The consultation rings for one lawyer."""

    staff_id: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """The lawyer took the ring."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A lawyer took the waiting consultation without a ring."""

    staff_id: str


@dataclass(frozen=True, slots=True)
class Declined:
    """The lawyer passed on the ring."""


@dataclass(frozen=True, slots=True)
class OfferExpired:
    """Nobody answered the ring in time."""


@dataclass(frozen=True, slots=True)
class Reconsidered:
    """A lawyer who let this consultation pass has come back and may be rung for it again."""

    staff_id: str


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The language of the talk and the person asked for bind no longer."""


@dataclass(frozen=True, slots=True)
class Escalated:
    """The wait has become long enough to alarm the supervisor."""


@dataclass(frozen=True, slots=True)
class MediaReported:
    """What one side's page sees of its connection to the other."""

    side: PeerRole
    state: MediaState


@dataclass(frozen=True, slots=True)
class ConnectExpired:
    """Media did not come up in time."""


@dataclass(frozen=True, slots=True)
class GraceExpired:
    """The interrupted talk did not come back in time."""


@dataclass(frozen=True, slots=True)
class HungUp:
    """One side ended the talk."""

    by: PeerRole


@dataclass(frozen=True, slots=True)
class Filed:
    """The lawyer wrote what came of it."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class WrapUpExpired:
    """The lawyer did not file in time; the matter is marked for follow-up."""


@dataclass(frozen=True, slots=True)
class Left:
    """The resident stopped waiting."""


@dataclass(frozen=True, slots=True)
class MessageLeft:
    """The resident left a question instead of waiting on; an answer is promised."""

    promised_at: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """The question that was left has its answer."""

    staff_id: str


@dataclass(frozen=True, slots=True)
class Transferred:
    """The lawyer hands the resident on: to a person, to somebody who knows a matter, or to whoever
    is next when both are None. At most one is set."""

    to: str | None
    skill: Matter | None = None


@dataclass(frozen=True, slots=True)
class Rated:
    """How content the resident is, 1 to 5."""

    score: int


@dataclass(frozen=True, slots=True)
class PageAdded:
    """A scanned page arrived, as far as `stage` says."""

    position: int
    sha256: str
    stage: PageStage = PageStage.WHOLE


@dataclass(frozen=True, slots=True)
class PageGrew:
    """More of a page arrived."""

    position: int
    stage: PageStage


@dataclass(frozen=True, slots=True)
class SheetShown:
    """The lawyer put something on the resident's screen: the page at `page`, or a text."""

    sheet_id: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class SheetClosed:
    """Either side took it off again."""

    sheet_id: str


@dataclass(frozen=True, slots=True)
class KioskRevoked:
    """The kiosk behind the resident was cut off."""


RingEvent = Offered | Accepted | Taken | Declined | OfferExpired
"""Finding a lawyer."""

WaitEvent = Reconsidered | Relaxed | Escalated | Left | MessageLeft
"""Waiting, and giving it up."""

TalkEvent = MediaReported | ConnectExpired | GraceExpired | HungUp | Transferred
"""The talk itself."""

LaterEvent = Filed | WrapUpExpired | Answered | Rated | PageAdded | PageGrew
"""What is added to it."""

SheetEvent = SheetShown | SheetClosed
"""What lies on the resident's screen while they talk."""

Event = (
    Requested
    | RingEvent
    | WaitEvent
    | TalkEvent
    | LaterEvent
    | SheetEvent
    | RecordingEvent
    | KioskRevoked
)
