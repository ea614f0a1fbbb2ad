"""A mediation: people at several kiosks and desks brought together by a mediator.

The mediator convenes it and gives out seats; each seat has a code by which its person is known at a
kiosk. Everybody waits apart and is admitted one by one. What two people who are in the room may see
and hear of each other is decided in `center.domain.mediation_room`; what they agree on in
`center.domain.agreement`. As with consultations, the truth is the log of events, and this module
does no I/O and reads no clock.

    mediation   event                              next
    ──────────  ─────────────────────────────────  ─────────
    (none)      Convened                           scheduled
    scheduled   Opened                             open
    scheduled,  Ended                              ended
    open
    scheduled,  Invited, Uninvited, Arrived,       unchanged
    open        Parted, ProtectionSet, Locked
    open        everything else                    unchanged
    ended       nothing

    seat        event                              next
    ──────────  ─────────────────────────────────  ─────────
    (none)      Invited                            invited
    invited,    Arrived                            waiting; refused while locked, unless they were
    left                                           admitted before and only lost their line
    waiting     Admitted                           admitted; refused when the room is full
    admitted    Dismissed                          waiting
    waiting,    Parted                             left
    admitted
    but admitted  Uninvited                        (gone)

The mediator's own seat is admitted by Opened. A room with more people than a mesh connects is
carried by a media server (Carried), and moves when that is lost (CarrierLost). Who leaves gives
back the floor, the raised hand and the side room. A recording (`center.domain.recording`) is asked,
answered and ended by those in the room; whoever comes in without having agreed ends it. An event
that is not in the tables raises and changes nothing; one that tells nothing new returns the very
same mediation.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, get_args

from center.domain import agreement as agreements
from center.domain import mediation_events as ev
from center.domain import recording as recordings
from center.domain.errors import Conflict, IllegalTransition, RoomFull, RoomLocked
from center.domain.mediation import LIVE, MEDIATOR_SEAT, PRESENT, Mediation, Seat
from center.protocol.words import MediationState, Protection, SeatRole, SeatState


def convened(event: ev.Convened, now: datetime) -> Mediation:
    """A new mediation with its mediator's seat."""
    seat = Seat(MEDIATOR_SEAT, SeatRole.MEDIATOR, event.language, "", event.mediator_id)
    return Mediation(
        id=event.mediation_id,
        number=event.number,
        version=1,
        state=MediationState.SCHEDULED,
        mediator_id=event.mediator_id,
        matter=event.matter,
        language=event.language,
        second_language=event.second_language,
        convened_at=now,
        scheduled_at=event.scheduled_at,
        seats=(seat,),
    )


def advance(current: Mediation | None, event: ev.Event, now: datetime) -> Mediation:
    """What `event` makes of the mediation, one version further.

    Raises:
        IllegalTransition: the event does not belong here; `current` stays as it is.
        NotFound: there is no such seat.
        RoomFull, RoomLocked: nobody more comes in.
        Conflict: a signature that was one before, or a person or kiosk that has a seat.
    """
    if isinstance(event, ev.Convened):
        if current is None:
            return convened(event, now)
        raise IllegalTransition("a mediation is convened once")
    if current is None or current.state not in _ALLOWED[type(event)]:
        state = current.state if current else "no mediation"
        raise IllegalTransition(f"{state}: {type(event).__name__}")
    after = _HANDLERS[type(event)](current, event, now)
    kept = recordings.followed(after.recording, after.present, now)
    after = replace(after, recording=kept)
    return current if after == current else replace(after, version=current.version + 1)


# --- the mediation -------------------------------------------------------------------------------


def _opened(m: Mediation, event: ev.Opened, now: datetime) -> Mediation:
    larger = replace(m, mesh=event.mesh, places=event.places)
    opened = replace(larger, state=MediationState.OPEN, opened_at=now)
    return _with(opened, MEDIATOR_SEAT, state=SeatState.ADMITTED, known=True)


def _ended(m: Mediation, _: ev.Ended, now: datetime) -> Mediation:
    gone = tuple(
        replace(seat, state=SeatState.LEFT) if seat.state in PRESENT else seat for seat in m.seats
    )
    apart = replace(m, hands=(), floor=None, side=None, side_interpreted=False, carrier=None)
    return replace(apart, state=MediationState.ENDED, ended_at=now, seats=gone)


# --- who comes and goes --------------------------------------------------------------------------


def _invited(m: Mediation, event: ev.Invited, _: datetime) -> Mediation:
    if any(seat.seat_id == event.seat_id for seat in m.seats):
        raise IllegalTransition(f"{event.seat_id} is taken")
    if event.role is SeatRole.MEDIATOR:
        raise IllegalTransition("a mediation has one mediator")
    if event.staff_id is not None and event.staff_id in {seat.staff_id for seat in m.seats}:
        raise Conflict(f"{event.staff_id} has a seat")
    _refuse_settled(m, event.role)
    seat = Seat(
        event.seat_id,
        event.role,
        event.language,
        event.code,
        event.staff_id,
        protection=event.protection,
        listens=event.language is not m.language,
    )
    return replace(m, seats=(*m.seats, seat))


def _uninvited(m: Mediation, event: ev.Uninvited, _: datetime) -> Mediation:
    seat = m.seat(event.seat_id)
    if seat.role is SeatRole.MEDIATOR or seat.state is SeatState.ADMITTED:
        raise IllegalTransition(f"{seat.seat_id} is {seat.state}")
    _refuse_settled(m, seat.role)
    return replace(m, seats=tuple(other for other in m.seats if other is not seat))


def _refuse_settled(m: Mediation, role: SeatRole) -> None:
    """While an agreement lies before the parties, it stays clear who they are."""
    if role is SeatRole.PARTY and m.agreement.clauses > 0:
        raise IllegalTransition("the agreement is before its parties")


def _arrived(m: Mediation, event: ev.Arrived, _: datetime) -> Mediation:
    seat = m.seat(event.seat_id)
    if seat.role is SeatRole.MEDIATOR or (seat.staff_id is None) is (event.kiosk_id is None):
        raise IllegalTransition(f"{seat.seat_id} does not come this way")
    if seat.state in PRESENT and seat.kiosk_id == event.kiosk_id:
        return m
    if event.kiosk_id is not None and _taken(m, event.kiosk_id):
        raise Conflict(f"somebody else is at {event.kiosk_id}")
    if m.locked and not seat.known:
        raise RoomLocked(m.id)
    away = _without(m, seat.seat_id)
    return _with(away, seat.seat_id, state=SeatState.WAITING, kiosk_id=event.kiosk_id)


def _taken(m: Mediation, kiosk_id: str) -> bool:
    return any(seat.kiosk_id == kiosk_id and seat.state in PRESENT for seat in m.seats)


def _admitted(m: Mediation, event: ev.Admitted, _: datetime) -> Mediation:
    _require(m, event.seat_id, SeatState.WAITING)
    if len(m.admitted) >= m.places:
        raise RoomFull(f"{m.id} holds {m.places}")
    return _with(m, event.seat_id, state=SeatState.ADMITTED, known=True)


def _dismissed(m: Mediation, event: ev.Dismissed, _: datetime) -> Mediation:
    seat = _require(m, event.seat_id, SeatState.ADMITTED)
    if seat.role is SeatRole.MEDIATOR:
        raise IllegalTransition("the mediator stays")
    return _with(_without(m, seat.seat_id), seat.seat_id, state=SeatState.WAITING, known=False)


def _parted(m: Mediation, event: ev.Parted, _: datetime) -> Mediation:
    seat = m.seat(event.seat_id)
    if seat.role is SeatRole.MEDIATOR or seat.state not in PRESENT:
        raise IllegalTransition(f"{seat.seat_id} is {seat.state}")
    return _with(_without(m, seat.seat_id), seat.seat_id, state=SeatState.LEFT)


def _without(m: Mediation, seat_id: str) -> Mediation:
    """Whoever goes holds nothing in the room any more."""
    side = None if m.side == seat_id else m.side
    return replace(
        m,
        hands=tuple(hand for hand in m.hands if hand != seat_id),
        floor=None if m.floor == seat_id else m.floor,
        side=side,
        side_interpreted=m.side_interpreted and side is not None,
    )


# --- who is heard and seen -----------------------------------------------------------------------


def _locked(m: Mediation, event: ev.Locked, _: datetime) -> Mediation:
    return replace(m, locked=event.on)


def _muted(m: Mediation, event: ev.Muted, _: datetime) -> Mediation:
    _require(m, event.seat_id, SeatState.ADMITTED)
    return _with(m, event.seat_id, muted=True, speech_asked=False)


def _speech_asked(m: Mediation, event: ev.SpeechAsked, _: datetime) -> Mediation:
    seat = _require(m, event.seat_id, SeatState.ADMITTED)
    return _with(m, seat.seat_id, speech_asked=seat.muted)


def _unmuted(m: Mediation, event: ev.Unmuted, _: datetime) -> Mediation:
    _require(m, event.seat_id, SeatState.ADMITTED)
    return _with(m, event.seat_id, muted=False, speech_asked=False)


def _hand_raised(m: Mediation, event: ev.HandRaised, _: datetime) -> Mediation:
    _require(m, event.seat_id, SeatState.ADMITTED)
    return m if event.seat_id in m.hands else replace(m, hands=(*m.hands, event.seat_id))


def _hand_lowered(m: Mediation, event: ev.HandLowered, _: datetime) -> Mediation:
    m.seat(event.seat_id)
    return replace(m, hands=tuple(hand for hand in m.hands if hand != event.seat_id))


def _floor_given(m: Mediation, event: ev.FloorGiven, _: datetime) -> Mediation:
    if event.seat_id is None:
        return replace(m, floor=None)
    seat = _require(m, event.seat_id, SeatState.ADMITTED)
    hands = tuple(hand for hand in m.hands if hand != seat.seat_id)
    given = replace(m, floor=seat.seat_id, hands=hands)
    return _with(given, seat.seat_id, speech_asked=seat.muted)


def _side_opened(m: Mediation, event: ev.SideOpened, _: datetime) -> Mediation:
    seat = _require(m, event.seat_id, SeatState.ADMITTED)
    if seat.role is SeatRole.MEDIATOR:
        raise IllegalTransition("a side room is for two")
    return replace(m, side=seat.seat_id, side_interpreted=event.interpreted)


def _side_closed(m: Mediation, _: ev.SideClosed, __: datetime) -> Mediation:
    return replace(m, side=None, side_interpreted=False)


def _protection_set(m: Mediation, event: ev.ProtectionSet, _: datetime) -> Mediation:
    if m.seat(event.seat_id).role is SeatRole.MEDIATOR:
        raise IllegalTransition("everybody sees the mediator")
    return _with(m, event.seat_id, protection=event.protection)


def _listened(m: Mediation, event: ev.Listened, _: datetime) -> Mediation:
    return _with(m, event.seat_id, listens=event.on)


# --- what carries the media ----------------------------------------------------------------------


def _carried(m: Mediation, event: ev.Carried, _: datetime) -> Mediation:
    if not m.outgrown:
        raise IllegalTransition("a mesh carries itself")
    return replace(m, engine=True, carrier=event.server)


def _carrier_lost(m: Mediation, _: ev.CarrierLost, __: datetime) -> Mediation:
    return replace(m, carrier=None)


# --- what is recorded ----------------------------------------------------------------------------


def _recording(m: Mediation, event: recordings.RecordingEvent, now: datetime) -> Mediation:
    if not isinstance(event, recordings.RecorderReported):
        _require(m, event.peer, SeatState.ADMITTED)
    return replace(m, recording=recordings.advance(m.recording, event, m.present, now))


# --- what is agreed ------------------------------------------------------------------------------


def _proposed(m: Mediation, event: ev.Proposed, _: datetime) -> Mediation:
    if not m.parties:
        raise IllegalTransition("there is no party")
    return replace(m, agreement=agreements.propose(m.agreement, event))


def _withdrawn(m: Mediation, _: ev.Withdrawn, __: datetime) -> Mediation:
    return replace(m, agreement=agreements.withdraw(m.agreement))


def _marked(m: Mediation, event: ev.Confirmed | ev.Objected, now: datetime) -> Mediation:
    _require_party(m, event.seat_id)
    return replace(m, agreement=agreements.mark(m.agreement, event, now))


def _signed(m: Mediation, event: ev.Signed, now: datetime) -> Mediation:
    _require_party(m, event.seat_id)
    return replace(m, agreement=agreements.sign(m.agreement, event, now))


def _photographed(m: Mediation, event: ev.PhotoEvent, now: datetime) -> Mediation:
    _require_party(m, event.seat_id)
    shown = isinstance(event, ev.Photographed)
    if shown and m.seat(event.seat_id).protection is not Protection.NONE:
        raise IllegalTransition(f"{event.seat_id} is not shown to the others")
    return replace(m, agreement=agreements.photograph(m.agreement, event, now))


def _sealed(m: Mediation, event: ev.Sealed, now: datetime) -> Mediation:
    return replace(m, agreement=agreements.seal(m.agreement, event, m.parties, now))


# --- helpers -------------------------------------------------------------------------------------


def _require(m: Mediation, seat_id: str, state: SeatState) -> Seat:
    seat = m.seat(seat_id)
    if seat.state is not state:
        raise IllegalTransition(f"{seat_id} is {seat.state}")
    return seat


def _require_party(m: Mediation, seat_id: str) -> None:
    if _require(m, seat_id, SeatState.ADMITTED).role is not SeatRole.PARTY:
        raise IllegalTransition(f"{seat_id} is no party")


def _with(m: Mediation, seat_id: str, **changes: Any) -> Mediation:
    m.seat(seat_id)
    seats = tuple(replace(s, **changes) if s.seat_id == seat_id else s for s in m.seats)
    return replace(m, seats=seats)


_Handler = Callable[[Mediation, Any, datetime], Mediation]

_BEFORE_OR_IN: dict[type[ev.Event], _Handler] = {
    ev.Ended: _ended,
    ev.Invited: _invited,
    ev.Uninvited: _uninvited,
    ev.Arrived: _arrived,
    ev.Parted: _parted,
    ev.ProtectionSet: _protection_set,
    ev.Locked: _locked,
}
_IN: dict[type[ev.Event], _Handler] = {
    ev.Admitted: _admitted,
    ev.Dismissed: _dismissed,
    ev.Muted: _muted,
    ev.SpeechAsked: _speech_asked,
    ev.Unmuted: _unmuted,
    ev.HandRaised: _hand_raised,
    ev.HandLowered: _hand_lowered,
    ev.FloorGiven: _floor_given,
    ev.SideOpened: _side_opened,
    ev.SideClosed: _side_closed,
    ev.Listened: _listened,
    ev.Carried: _carried,
    ev.CarrierLost: _carrier_lost,
    ev.Proposed: _proposed,
    ev.Withdrawn: _withdrawn,
    ev.Confirmed: _marked,
    ev.Objected: _marked,
    ev.Signed: _signed,
    ev.Photographed: _photographed,
    ev.PhotoRefused: _photographed,
    ev.Sealed: _sealed,
    **dict.fromkeys(get_args(recordings.RecordingEvent), _recording),
}
_HANDLERS: dict[type[ev.Event], _Handler] = {ev.Opened: _opened, **_BEFORE_OR_IN, **_IN}
_ALLOWED: dict[type[ev.Event], frozenset[MediationState]] = {
    ev.Opened: frozenset({MediationState.SCHEDULED}),
    **dict.fromkeys(_BEFORE_OR_IN, LIVE),
    **dict.fromkeys(_IN, frozenset({MediationState.OPEN})),
}
