"""The way of a consultation: one resident's visit that asks for a person, from the touch to the
filed outcome.

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
    the three    SheetShown, SheetClosed        unchanged
    wrap_up      Filed                          closed
    wrap_up      WrapUpExpired                  closed (follow_up)
    closed       Filed                          closed: one closed by time is filed after all
    message      Answered                       closed
    wrap_up,     Rated (once, after a talk)     unchanged
    closed
    any but      PageAdded, PageGrew            unchanged; a page whose line was cut may come late
    left
    the three    the events of a recording      unchanged; see `center.domain.recording`

Every state has at most one deadline. A waiting consultation's is the next thing that helps it:
first the language of the talk stops binding, then the supervisor is alarmed, again and again. An
event that is not in the table raises `IllegalTransition` and changes nothing. A media report that
tells nothing new is legal and makes no step worth recording: it returns the very same consultation.

What a step means for the lawyer's duty is returned as effects, so that both change in one commit.
"""

from dataclasses import replace
from datetime import datetime
from typing import assert_never, get_args

from center.domain import duty, recording
from center.domain import events as ev
from center.domain.consultation import BOTH, QUEUED, TALKING, Consultation, OnDuty, Step
from center.domain.errors import IllegalTransition
from center.domain.papers import on_screen
from center.domain.rooms import kiosk_peer, staff_peer
from center.domain.rules import Rules
from center.protocol.words import ConsultationState as State
from center.protocol.words import EndCause, MediaState, Outcome, PeerRole

_ANY_BUT_LEFT = frozenset(State) - {State.LEFT}
_OF_RECORDING: tuple[type[ev.Event], ...] = get_args(recording.RecordingEvent)

_TABLE: tuple[tuple[frozenset[State], tuple[type[ev.Event], ...], tuple[State, ...]], ...] = (
    (frozenset({State.WAITING}), (ev.Offered,), (State.OFFERED,)),
    (frozenset({State.WAITING}), (ev.Taken,), (State.CONNECTING,)),
    (
        frozenset({State.WAITING}),
        (ev.Reconsidered, ev.Relaxed, ev.Escalated),
        (State.WAITING,),
    ),
    (frozenset({State.OFFERED}), (ev.Accepted,), (State.CONNECTING,)),
    (frozenset({State.OFFERED}), (ev.Declined, ev.OfferExpired), (State.WAITING,)),
    (QUEUED, (ev.Left, ev.KioskRevoked), (State.LEFT,)),
    (QUEUED, (ev.MessageLeft,), (State.MESSAGE,)),
    (
        frozenset({State.CONNECTING}),
        (ev.MediaReported,),
        (State.CONNECTING, State.ACTIVE, State.INTERRUPTED),
    ),
    (frozenset({State.CONNECTING}), (ev.ConnectExpired,), (State.INTERRUPTED,)),
    (
        frozenset({State.ACTIVE, State.INTERRUPTED}),
        (ev.MediaReported,),
        (State.ACTIVE, State.INTERRUPTED),
    ),
    (frozenset({State.INTERRUPTED}), (ev.GraceExpired,), (State.WRAP_UP,)),
    (TALKING, (ev.HungUp, ev.KioskRevoked), (State.WRAP_UP,)),
    (TALKING, (ev.Transferred,), (State.WAITING,)),
    (frozenset({State.WRAP_UP}), (ev.Filed, ev.WrapUpExpired), (State.CLOSED,)),
    (frozenset({State.CLOSED}), (ev.Filed,), (State.CLOSED,)),
    (frozenset({State.MESSAGE}), (ev.Answered,), (State.CLOSED,)),
)

TRANSITIONS: tuple[tuple[State | None, type[ev.Event], State], ...] = (
    (None, ev.Requested, State.WAITING),
    *((s, e, t) for states, es, ts in _TABLE for s in sorted(states) for e in es for t in ts),
    *((state, ev.Rated, state) for state in (State.WRAP_UP, State.CLOSED)),
    *((s, event, s) for s in sorted(_ANY_BUT_LEFT) for event in (ev.PageAdded, ev.PageGrew)),
    *((s, event, s) for s in sorted(TALKING) for event in (ev.SheetShown, ev.SheetClosed)),
    *((state, event, state) for state in sorted(TALKING) for event in _OF_RECORDING),
)
"""Every legal (state, event, next state); `advance` obeys it and the diagram is drawn from it."""

_LEGAL = frozenset((state, event) for state, event, _ in TRANSITIONS)


def advance(current: Consultation | None, event: ev.Event, now: datetime, rules: Rules) -> Step:
    """What `event` makes of the consultation, one version further.

    Raises:
        IllegalTransition: the event does not belong here; `current` stays as it is.
    """
    if isinstance(event, ev.Requested) and current is None:
        return Step(_arrived(event, now, rules))
    if current is None or (current.state, type(event)) not in _LEGAL:
        state = current.state if current else "no consultation"
        raise IllegalTransition(f"{state}: {type(event).__name__}")
    step = _step(current, event, now, rules)
    if step.consultation is current:
        return step
    after = replace(step.consultation, version=current.version + 1)
    kept = recording.followed(after.recording, _participants(after), now)
    return replace(step, consultation=replace(after, recording=kept))


def expiry(consultation: Consultation, rules: Rules) -> ev.Event | None:
    """The event that the end of the present deadline is; None in a state without one."""
    match consultation.state:
        case State.WAITING:
            return _next_help(consultation, rules)[1]
        case State.OFFERED:
            return ev.OfferExpired()
        case State.CONNECTING:
            return ev.ConnectExpired()
        case State.INTERRUPTED:
            return ev.GraceExpired()
        case State.WRAP_UP:
            return ev.WrapUpExpired()
        case _:
            return None


def _step(c: Consultation, event: ev.Event, now: datetime, rules: Rules) -> Step:
    if isinstance(event, ev.RingEvent):
        return _ring(c, event, now, rules)
    if isinstance(event, ev.WaitEvent):
        return _wait(c, event, now, rules)
    if isinstance(event, ev.TalkEvent):
        return _talk(c, event, now, rules)
    if isinstance(event, ev.LaterEvent):
        return _later(c, event)
    if isinstance(event, ev.SheetEvent | recording.RecordingEvent):
        return Step(_beside(c, event, now))
    if isinstance(event, ev.KioskRevoked):
        return _revoked(c, now, rules)
    raise IllegalTransition("a consultation is requested once")


def _ring(c: Consultation, event: ev.RingEvent, now: datetime, rules: Rules) -> Step:
    match event:
        case ev.Offered(staff_id=staff_id):
            rings = replace(
                c,
                state=State.OFFERED,
                staff_id=staff_id,
                offers=c.offers + 1,
                deadline=now + rules.offer,
            )
            return Step(rings, (OnDuty(staff_id, duty.Rung(c.id)),))
        case ev.Accepted():
            return _connect(c, _lawyer(c), now, rules)
        case ev.Taken(staff_id=staff_id):
            return _connect(c, staff_id, now, rules)
        case ev.Declined():
            return _passed(c, duty.Released(), rules)
        case ev.OfferExpired():
            return _passed(c, duty.Missed(), rules)
        case _:
            assert_never(event)


def _wait(c: Consultation, event: ev.WaitEvent, now: datetime, rules: Rules) -> Step:
    match event:
        case ev.Reconsidered(staff_id=staff_id):
            return Step(replace(c, declined_by=c.declined_by - {staff_id}))
        case ev.Relaxed():
            return Step(_waits(replace(c, relaxed=True, wanted_staff_id=None), rules))
        case ev.Escalated():
            return Step(_waits(replace(c, escalated_at=now), rules))
        case ev.Left():
            return _gone(replace(c, state=State.LEFT))
        case ev.MessageLeft(promised_at=promised_at):
            return _gone(replace(c, state=State.MESSAGE, answer_promised_at=promised_at))
        case _:
            assert_never(event)


def _talk(c: Consultation, event: ev.TalkEvent, now: datetime, rules: Rules) -> Step:
    match event:
        case ev.MediaReported():
            return Step(_media(c, event, now, rules))
        case ev.ConnectExpired():
            return Step(_interrupted(c, now, rules))
        case ev.GraceExpired():
            return _ended(c, EndCause.LOST, now, rules)
        case ev.HungUp(by=PeerRole.KIOSK):
            return _ended(c, EndCause.RESIDENT_HUNG_UP, now, rules)
        case ev.HungUp():
            return _ended(c, EndCause.STAFF_HUNG_UP, now, rules)
        case ev.Transferred():
            return _handed_on(c, event, now, rules)
        case _:
            assert_never(event)


def _later(c: Consultation, event: ev.LaterEvent) -> Step:
    match event:
        case ev.Filed(outcome=outcome):
            return _filed(c, outcome)
        case ev.WrapUpExpired():
            return _closed(c, Outcome.FOLLOW_UP)
        case ev.Answered(staff_id=staff_id):
            answered = replace(c, state=State.CLOSED, staff_id=staff_id, outcome=Outcome.ADVICE)
            return Step(answered)
        case ev.Rated(score=score):
            return _rated(c, score)
        case ev.PageAdded():
            return Step(replace(c, pages=c.pages + 1))
        case ev.PageGrew():
            return Step(replace(c))
        case _:
            assert_never(event)


def _arrived(event: ev.Requested, now: datetime, rules: Rules) -> Consultation:
    consultation = Consultation(
        id=event.consultation_id,
        number=event.number,
        slip_code=event.slip_code,
        version=1,
        state=State.WAITING,
        kiosk_id=event.kiosk_id,
        township=event.township,
        client_ref=event.client_ref,
        language=event.language,
        matter=event.matter,
        urgency=event.urgency,
        requested_at=now,
        queued_at=now,
        place_on_arrival=event.place,
        deadline=None,
    )
    return _waits(consultation, rules)


def _next_help(c: Consultation, rules: Rules) -> tuple[datetime, ev.Relaxed | ev.Escalated]:
    relax_at = c.queued_at + rules.language_relax
    escalate_at = (c.escalated_at or c.queued_at) + rules.escalate
    if not c.relaxed and relax_at <= escalate_at:
        return relax_at, ev.Relaxed()
    return escalate_at, ev.Escalated()


def _waits(c: Consultation, rules: Rules, declined: frozenset[str] = frozenset()) -> Consultation:
    waiting = replace(c, state=State.WAITING, staff_id=None, declined_by=declined)
    return replace(waiting, deadline=_next_help(waiting, rules)[0])


def _lawyer(c: Consultation) -> str:
    if c.staff_id is None:
        raise IllegalTransition(f"{c.state}: nobody is assigned")
    return c.staff_id


def _connect(c: Consultation, staff_id: str, now: datetime, rules: Rules) -> Step:
    connecting = replace(
        c,
        state=State.CONNECTING,
        staff_id=staff_id,
        head=False,
        wanted_staff_id=None,
        wanted_skill=None,
        declined_by=frozenset(),
        accepted_at=c.accepted_at or now,
        deadline=now + rules.connect,
    )
    return Step(connecting, (OnDuty(staff_id, duty.Engaged(c.id)),))


def _passed(c: Consultation, told: duty.DutyEvent, rules: Rules) -> Step:
    lawyer = _lawyer(c)
    wanted = None if c.wanted_staff_id == lawyer else c.wanted_staff_id
    waiting = _waits(replace(c, wanted_staff_id=wanted), rules, c.declined_by | {lawyer})
    return Step(waiting, (OnDuty(lawyer, told),))


def _gone(c: Consultation) -> Step:
    """Out of the queue; `c.staff_id` is still whom it rang for."""
    effects = (OnDuty(c.staff_id, duty.Released()),) if c.staff_id else ()
    return Step(replace(c, staff_id=None, deadline=None), effects)


def _revoked(c: Consultation, now: datetime, rules: Rules) -> Step:
    if c.state in QUEUED:
        return _gone(replace(c, state=State.LEFT, cause=EndCause.KIOSK_REVOKED))
    return _ended(c, EndCause.KIOSK_REVOKED, now, rules)


def _beside(
    c: Consultation, event: ev.SheetEvent | recording.RecordingEvent, now: datetime
) -> Consultation:
    if isinstance(event, ev.SheetEvent):
        return on_screen(c, event)
    after = recording.advance(c.recording, event, _participants(c), now)
    return c if after is c.recording else replace(c, recording=after)


def _participants(c: Consultation) -> recording.People:
    """Who has to agree to a recording: the peers of the talk, nobody when there is none."""
    if c.state not in TALKING or c.staff_id is None:
        return frozenset()
    return frozenset({kiosk_peer(c.kiosk_id), staff_peer(c.staff_id)})


def _media(c: Consultation, report: ev.MediaReported, now: datetime, rules: Rules) -> Consultation:
    side = frozenset({report.side})
    up = c.media_up | side if report.state is MediaState.UP else c.media_up - side
    if up == BOTH:
        return c if c.state is State.ACTIVE else _active(c, now)
    broken = c.state is State.ACTIVE or report.state is MediaState.FAILED
    if broken and c.state is not State.INTERRUPTED:
        return _interrupted(replace(c, media_up=up), now, rules)
    return c if up == c.media_up else replace(c, media_up=up)


def _active(c: Consultation, now: datetime) -> Consultation:
    started = c.talk_started_at or now
    return replace(c, state=State.ACTIVE, media_up=BOTH, talk_started_at=started, deadline=None)


def _interrupted(c: Consultation, now: datetime, rules: Rules) -> Consultation:
    return replace(c, state=State.INTERRUPTED, deadline=now + rules.grace)


def _ended(c: Consultation, cause: EndCause, now: datetime, rules: Rules) -> Step:
    ended = replace(
        c,
        state=State.WRAP_UP,
        cause=cause,
        talk_ended_at=now,
        media_up=frozenset(),
        sheet_id=None,
        deadline=now + rules.wrap_up,
    )
    return Step(ended, (OnDuty(_lawyer(c), duty.TalkEnded()),))


def _handed_on(c: Consultation, event: ev.Transferred, now: datetime, rules: Rules) -> Step:
    lawyer = _lawyer(c)
    if event.to == lawyer:
        raise IllegalTransition("a lawyer cannot transfer to themselves")
    if event.to is not None and event.skill is not None:
        raise IllegalTransition("to a person or to a skill, not to both")
    queued = replace(
        c,
        head=True,
        wanted_staff_id=event.to,
        wanted_skill=event.skill,
        queued_at=now,
        relaxed=False,
        escalated_at=None,
        media_up=frozenset(),
        sheet_id=None,
    )
    waiting = _waits(queued, rules, frozenset({lawyer}))
    return Step(waiting, (OnDuty(lawyer, duty.Released()),))


def _filed(c: Consultation, outcome: Outcome) -> Step:
    if c.state is State.WRAP_UP:
        return _closed(c, outcome)
    if c.talk_ended_at is None:
        raise IllegalTransition("an answered message has no talk to file")
    return Step(c if c.outcome is outcome else replace(c, outcome=outcome))


def _closed(c: Consultation, outcome: Outcome) -> Step:
    closed = replace(c, state=State.CLOSED, outcome=outcome, deadline=None)
    return Step(closed, (OnDuty(_lawyer(c), duty.Released()),))


def _rated(c: Consultation, score: int) -> Step:
    if c.talk_ended_at is None or c.rating is not None or not 1 <= score <= 5:
        raise IllegalTransition(f"{c.state}: not to be rated {score}")
    return Step(replace(c, rating=score))
