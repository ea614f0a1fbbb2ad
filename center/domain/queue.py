"""The queue: who is before whom, and what may be promised about the wait.

Order: residents handed on by a lawyer first, then the urgent, then by arrival. A consultation that
rings keeps its place among those that wait, so a declined ring moves nobody. Somebody is overtaken
only by a transfer or an urgent matter, and then the place says so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from center.domain.consultation import QUEUED, Consultation
from center.protocol.words import ConsultationState, Urgency

FADING = 0.85
"""Weight of a wait relative to the next newer one: the last ten make up four fifths of the mean."""

ENOUGH = 3
"""Waits needed before an estimate is more than an invention."""


@dataclass(frozen=True, slots=True)
class Wait:
    """How long an accepted resident waited, and at which place in the queue the wait began."""

    duration: timedelta
    place: int


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the queue: 1 is next. `moved_back` is `transfer` or `urgent` when overtaken."""

    position: int
    moved_back: str | None


def rank(consultation: Consultation) -> tuple[bool, bool, datetime, str]:
    """Sort key of the queue; the id settles equal arrivals the same way for everybody."""
    return (
        not consultation.head,
        consultation.urgency is not Urgency.URGENT,
        consultation.queued_at,
        consultation.id,
    )


def in_order(consultations: Iterable[Consultation]) -> tuple[Consultation, ...]:
    """Those that have a place in the queue, first to last."""
    return tuple(sorted((c for c in consultations if c.state in QUEUED), key=rank))


def waiting(queue: Iterable[Consultation]) -> tuple[Consultation, ...]:
    """Those of an ordered queue that do not ring already."""
    return tuple(c for c in queue if c.state is ConsultationState.WAITING)


def place_of(consultation: Consultation, queue: Sequence[Consultation]) -> Place | None:
    """Where the consultation stands in an ordered queue; None when it is not there."""
    for index, other in enumerate(queue):
        if other.id == consultation.id:
            return Place(index + 1, _overtaken_by(consultation, queue[:index]))
    return None


def _overtaken_by(consultation: Consultation, ahead: Sequence[Consultation]) -> str | None:
    later = [other for other in ahead if other.queued_at > consultation.queued_at]
    if not later:
        return None
    return "transfer" if any(other.head for other in later) else "urgent"


def estimate(waits: Sequence[Wait], position: int) -> timedelta | None:
    """Expected wait at `position` from recent waits, newest first; None means unknown.

    A ratio estimator: weighted mean of the waits over weighted mean of the places they began at, so
    that five people ahead are not promised what an empty queue took.
    """
    if len(waits) < ENOUGH:
        return None
    weights = [FADING**age for age in range(len(waits))]
    seconds = sum(w * wait.duration.total_seconds() for w, wait in zip(weights, waits, strict=True))
    places = sum(w * wait.place for w, wait in zip(weights, waits, strict=True))
    return timedelta(seconds=position * seconds / places)
