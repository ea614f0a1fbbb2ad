"""Who is rung for whom.

The queue is walked in order; each resident gets the best free person left. A person may be rung for
a resident when they do not still have that resident's refusal behind them and, until the
consultation relaxes, when they are the one it was handed to (if it was handed to somebody) or else
speak the language of the talk and know the matter it was handed to (if it was handed to a skill).
Among those the better is, in this order: speaks the language; knows the matter it was handed to; is
a lawyer; is attached to the township (所所对接); knows the resident's matter; has been free the
longest. The id settles the rest, so that every process decides alike.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from center.domain.consultation import Consultation
from center.domain.duty import Duty
from center.domain.queue import waiting
from center.domain.records import Staff
from center.protocol.words import DutyState, Role


@dataclass(frozen=True, slots=True)
class OnCall:
    """A person and their presence."""

    staff: Staff
    duty: Duty


Pair = tuple[Consultation, Staff]


def match(queue: Sequence[Consultation], people: Iterable[OnCall]) -> tuple[Pair, ...]:
    """Pairs to ring now, at most one a person. `queue` is in order (`queue.in_order`)."""
    free = [p for p in people if p.duty.state is DutyState.AVAILABLE and p.staff.answers]
    pairs: list[Pair] = []
    for consultation in waiting(queue):
        fit = [p for p in free if may_ring(consultation, p.staff)]
        if fit:
            best = min(fit, key=lambda person: _rank(consultation, person))
            free.remove(best)
            pairs.append((consultation, best.staff))
    return tuple(pairs)


def may_ring(consultation: Consultation, staff: Staff) -> bool:
    """Whether this person may be rung for this consultation."""
    return staff.staff_id not in consultation.declined_by and suits(consultation, staff)


def suits(consultation: Consultation, staff: Staff) -> bool:
    """Whether the person meets what still binds: the language, the person or the skill asked
    for."""
    if consultation.relaxed:
        return True
    wanted = consultation.wanted_staff_id
    if wanted is not None:
        return staff.staff_id == wanted
    return consultation.language in staff.languages and _knows(consultation, staff)


def _knows(c: Consultation, staff: Staff) -> bool:
    return c.wanted_skill is None or c.wanted_skill in staff.skills


def _rank(c: Consultation, person: OnCall) -> tuple[bool, bool, bool, bool, bool, datetime, str]:
    staff = person.staff
    return (
        c.language not in staff.languages,
        not _knows(c, staff),
        staff.role is not Role.LAWYER,
        c.township not in staff.townships,
        c.matter not in staff.skills,
        person.duty.since,
        staff.staff_id,
    )
