"""A staff member's live presence.

One person has one duty, and through it at most one consultation. Most events here are effects of
the consultation machine (`center.domain.transitions`): a ring, a missed ring, a talk, its end.
Only `Went` is the person's own choice. A choice made in the middle of a talk is kept for
afterwards.

    state      event                        next
    ─────────  ───────────────────────────  ─────────────────────────────────────────────
    off        Went                         available · away · off
    away       Went                         available · away · off
    away       Engaged (takes somebody)     busy
    available  Went                         available · away · off
    available  Rung                         offered
    available  Engaged (takes somebody)     busy
    offered    Engaged (accepts)            busy
    offered    Released (declines, or the   available
               resident is gone)
    offered    Missed                       available, or away at the limit of misses in a row
    busy       TalkEnded                    wrap_up
    busy       Released (transfers)         afterwards: available · away · off
    busy       Went                         busy, kept for afterwards
    wrap_up    Released (filed, expired)    afterwards: available · away · off
    wrap_up    Went                         wrap_up, kept for afterwards

Whoever wants to go away while it rings declines first. Anything else is illegal and changes
nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from center.domain.errors import IllegalTransition
from center.domain.rules import Rules
from center.protocol.words import DutyState


@dataclass(frozen=True, slots=True)
class Went:
    """The person goes on duty, off duty or away for a moment."""

    to: DutyState


@dataclass(frozen=True, slots=True)
class Rung:
    """A consultation rings for the person."""

    consultation_id: str


@dataclass(frozen=True, slots=True)
class Missed:
    """The ring was not answered in time."""


@dataclass(frozen=True, slots=True)
class Engaged:
    """The person has a resident to talk with."""

    consultation_id: str


@dataclass(frozen=True, slots=True)
class TalkEnded:
    """The talk is over; what came of it is still to be written."""


@dataclass(frozen=True, slots=True)
class Released:
    """The person has nobody any more."""


DutyEvent = Went | Rung | Missed | Engaged | TalkEnded | Released

CHOICES = frozenset({DutyState.AVAILABLE, DutyState.AWAY, DutyState.OFF})
"""What a person may choose to be."""


@dataclass(frozen=True, slots=True)
class Duty:
    """One person's presence. `version` counts the events of the stream `duty:<staff_id>`."""

    staff_id: str
    version: int
    state: DutyState
    since: datetime
    missed: int = 0
    consultation_id: str | None = None
    afterwards: DutyState = DutyState.AVAILABLE

    @classmethod
    def off(cls, staff_id: str, now: datetime) -> "Duty":
        """The duty of somebody who was never on duty."""
        return cls(staff_id, 0, DutyState.OFF, now)

    @property
    def on(self) -> bool:
        """Whether the person counts as being on duty."""
        return self.state not in (DutyState.OFF, DutyState.AWAY)


_TABLE: dict[tuple[DutyState, type[DutyEvent]], frozenset[DutyState]] = {
    (DutyState.OFF, Went): CHOICES,
    (DutyState.AWAY, Went): CHOICES,
    (DutyState.AWAY, Engaged): frozenset({DutyState.BUSY}),
    (DutyState.AVAILABLE, Went): CHOICES,
    (DutyState.AVAILABLE, Rung): frozenset({DutyState.OFFERED}),
    (DutyState.AVAILABLE, Engaged): frozenset({DutyState.BUSY}),
    (DutyState.OFFERED, Engaged): frozenset({DutyState.BUSY}),
    (DutyState.OFFERED, Released): frozenset({DutyState.AVAILABLE}),
    (DutyState.OFFERED, Missed): frozenset({DutyState.AVAILABLE, DutyState.AWAY}),
    (DutyState.BUSY, TalkEnded): frozenset({DutyState.WRAP_UP}),
    (DutyState.BUSY, Released): CHOICES,
    (DutyState.BUSY, Went): frozenset({DutyState.BUSY}),
    (DutyState.WRAP_UP, Released): CHOICES,
    (DutyState.WRAP_UP, Went): frozenset({DutyState.WRAP_UP}),
}

TRANSITIONS: tuple[tuple[DutyState, type[DutyEvent], DutyState], ...] = tuple(
    (before, event, after) for (before, event), afters in _TABLE.items() for after in sorted(afters)
)
"""Every legal (state, event, next state); `advance` obeys it and the diagram is drawn from it."""


def advance(duty: Duty, event: DutyEvent, now: datetime, rules: Rules) -> Duty:
    """The duty after `event`.

    Raises:
        IllegalTransition: the event does not belong in this state; `duty` stays as it is.
    """
    if (duty.state, type(event)) not in _TABLE:
        raise IllegalTransition(f"duty {duty.state}: {type(event).__name__}")
    after = _after(duty, event, rules)
    since = duty.since if after.state is duty.state else now
    return replace(after, version=duty.version + 1, since=since)


def _after(duty: Duty, event: DutyEvent, rules: Rules) -> Duty:
    match event:
        case Went(to=to):
            return _went(duty, to)
        case Rung(consultation_id=consultation_id):
            return replace(duty, state=DutyState.OFFERED, consultation_id=consultation_id)
        case Missed():
            missed = duty.missed + 1
            away = missed >= rules.missed_to_away
            state = DutyState.AWAY if away else DutyState.AVAILABLE
            return replace(duty, state=state, missed=missed, consultation_id=None)
        case Engaged(consultation_id=consultation_id):
            return _engaged(duty, consultation_id)
        case TalkEnded():
            return replace(duty, state=DutyState.WRAP_UP)
        case Released():
            return replace(
                duty, state=duty.afterwards, consultation_id=None, afterwards=DutyState.AVAILABLE
            )
        case _:
            assert_never(event)


def _went(duty: Duty, to: DutyState) -> Duty:
    if to not in CHOICES:
        raise IllegalTransition(f"nobody chooses to be {to}")
    if duty.state in (DutyState.BUSY, DutyState.WRAP_UP):
        return replace(duty, afterwards=to)
    return replace(duty, state=to, missed=0)


def _engaged(duty: Duty, consultation_id: str) -> Duty:
    if duty.state is DutyState.OFFERED and duty.consultation_id != consultation_id:
        raise IllegalTransition("another consultation rings")
    return replace(duty, state=DutyState.BUSY, missed=0, consultation_id=consultation_id)
