"""What the center must still hear of a resident: a value that the journal keeps with the journey.

A touch and the request that follows from it are saved in one write, so neither can be lost
without the other. After a restart everything in here is asked again, in its order: the center
does nothing twice. A request leaves when the center answered it or when it is `KEPT_FOR` old.

The request for a consultation is not in here: the journey asks for it again by itself, and only
as long as the resident is there.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from center.protocol.frames import Request
from center.protocol.kiosk_wire import (
    ConsultationHangUp,
    ConsultationLeave,
    ConsultationRate,
    MessageLeave,
)
from kiosk.journey import effects as do

KEPT_FOR = timedelta(days=14)
"""Longer than any holiday on which a center stays closed."""

OwedRequest = Annotated[
    ConsultationLeave | ConsultationHangUp | ConsultationRate | MessageLeave,
    Field(discriminator="type"),
]
_UNNUMBERED = 1  # the link numbers what it sends


@dataclass(frozen=True, slots=True)
class Owed:
    """A request and when it was made, in the kiosk's time."""

    request: OwedRequest
    since: datetime


@dataclass(frozen=True, slots=True)
class Outbox:
    """Requests without an answer, oldest first."""

    owed: tuple[Owed, ...] = ()

    @property
    def given(self) -> tuple[OwedRequest, ...]:
        """What only the resident could say again: words and a rating.

        The rest follows from the consultation as the center shows it, and is kept for its place
        before a rating, which the center takes only after the end of the talk.
        """
        requests = (owed.request for owed in self.owed)
        return tuple(r for r in requests if isinstance(r, ConsultationRate | MessageLeave))

    @property
    def ends(self) -> datetime | None:
        """When the oldest has waited long enough; null when nothing waits."""
        return self.owed[0].since + KEPT_FOR if self.owed else None

    def owing(self, effects: tuple[do.Effect, ...], now: datetime) -> "Outbox":
        """With what these effects ask of the center; what waits already is not kept twice."""
        owed = self.owed
        for request in map(request_of, effects):
            if request and not any(alike(request, kept.request) for kept in owed):
                owed = (*owed, Owed(request, now))
        return Outbox(owed)

    def without(self, request: Request) -> "Outbox":
        """After this one was answered or given up."""
        return Outbox(tuple(kept for kept in self.owed if not alike(kept.request, request)))

    def too_old(self, now: datetime) -> tuple[OwedRequest, ...]:
        """What has waited for so long that it is given up."""
        return tuple(kept.request for kept in self.owed if kept.since + KEPT_FOR <= now)

    def restored(self, now: datetime) -> "Outbox":
        """After a restart; a clock that was ahead must not keep anything for longer."""
        return Outbox(tuple(replace(kept, since=min(kept.since, now)) for kept in self.owed))


def request_of(effect: do.Effect) -> OwedRequest | None:
    """The request that carries out an effect; null when it is none that has to arrive."""
    match effect:
        case do.Leave(ref):
            return ConsultationLeave(id=_UNNUMBERED, consultation_id=ref)
        case do.HangUp(ref):
            return ConsultationHangUp(id=_UNNUMBERED, consultation_id=ref)
        case do.SendRating(ref, score):
            return ConsultationRate(id=_UNNUMBERED, consultation_id=ref, score=score)
        case do.LeaveMessage(_, ref, text, phone):
            return MessageLeave(id=_UNNUMBERED, consultation_id=ref, text=text, phone=phone)
    return None


def alike(one: Request, other: Request) -> bool:
    """The same request, whatever its number."""
    return one.model_copy(update={"id": other.id}) == other
