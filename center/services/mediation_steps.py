"""What an act in a mediation writes: its event, and what changes in the same transaction with it,
the words kept apart and the duty of staff."""

from dataclasses import replace

from center.domain import log as event_log
from center.domain import mediation_events as ev
from center.domain.duty import Went
from center.domain.errors import Conflict
from center.domain.mediation import PRESENT, Mediation, Seat
from center.domain.mediation_transitions import advance
from center.domain.mediation_words import ClauseWords
from center.domain.rooms import kiosk_peer
from center.protocol import mediation_acts as wire
from center.protocol.words import DutyState
from center.services import mediation_events as meant
from center.services.base import kiosk_actor, staff_actor
from center.services.ports import NewEvent
from center.services.rooms import mediation_at
from center.services.transactions import CENTER, Ledger

TALKING = frozenset({DutyState.OFFERED, DutyState.BUSY, DutyState.WRAP_UP})


async def record(
    ledger: Ledger, current: Mediation | None, event: ev.Event, actor: str
) -> Mediation:
    """The mediation after the event, written. Raises what `advance` raises, VersionConflict."""
    after = advance(current, event, ledger.now)
    if after is current:
        return after
    kind, data = event_log.encode(event)
    people = _people(current) | _people(after)
    entry = NewEvent(kind, ledger.now, actor, data, staff_ids=people)
    await ledger.uow.events.append(f"mediation:{after.id}", after.version - 1, (entry,))
    await ledger.uow.mediations.save(after, after.version - 1)
    return after


async def act_of_seat(
    ledger: Ledger, mediation: Mediation, seat: Seat, act: wire.OfSeat, actor: str
) -> None:
    """What whoever has the seat does; to leave once more is harmless."""
    gone = seat.state not in PRESENT
    if isinstance(act, wire.Leave) and gone:
        return
    await record(ledger, mediation, meant.of_seat(act, seat.seat_id), actor)
    if isinstance(act, wire.Sign):
        words = await ledger.uow.mediations.words(mediation.id)
        signatures = {**words.signatures, seat.seat_id: act.strokes.lines}
        await ledger.uow.mediations.keep_words(replace(words, signatures=signatures))


async def admit(ledger: Ledger, mediation: Mediation, seat_id: str, actor: str) -> None:
    """Let somebody in. Raises Conflict when it is staff in a talk."""
    if staff_id := mediation.seat(seat_id).staff_id:
        await free(ledger, staff_id)
    await record(ledger, mediation, ev.Admitted(seat_id), actor)


async def propose(ledger: Ledger, mediation: Mediation, clauses: tuple[ClauseWords, ...]) -> None:
    """Lay an agreement before the parties; what was signed before counts no more."""
    actor = staff_actor(mediation.mediator_id)
    await record(ledger, mediation, meant.proposed(mediation, clauses), actor)
    words = await ledger.uow.mediations.words(mediation.id)
    laid = replace(words, draft=clauses, clauses=clauses, signatures={})
    await ledger.uow.mediations.keep_words(laid)


async def make_way(ledger: Ledger, kiosk_id: str, mediation: Mediation, seat: Seat) -> Mediation:
    """A kiosk serves one at a time: whoever was there before, in whatever mediation, is gone."""
    before = await mediation_at(ledger.uow, kiosk_peer(kiosk_id))
    for other in before.seats if before else ():
        here = other.kiosk_id == kiosk_id and other.state in PRESENT
        same = before is not None and before.id == mediation.id
        if before and here and not (same and other.seat_id == seat.seat_id):
            gone = await record(ledger, before, ev.Parted(other.seat_id), kiosk_actor(kiosk_id))
            mediation = gone if same else mediation
    return mediation


async def free(ledger: Ledger, staff_id: str) -> None:
    """Whoever takes part is away for consultations. Raises Conflict in a talk."""
    duty = await ledger.uow.duties.get(staff_id)
    if duty is not None and duty.state in TALKING:
        raise Conflict(f"{staff_id} is {duty.state}")
    if duty is not None and duty.state is DutyState.AVAILABLE:
        await ledger.tell(staff_id, Went(DutyState.AWAY), CENTER)


def plain(clauses: tuple[wire.Clause, ...]) -> tuple[ClauseWords, ...]:
    """The clauses as they are kept."""
    return tuple(ClauseWords(clause.first, clause.second) for clause in clauses)


def _people(mediation: Mediation | None) -> frozenset[str]:
    seats = mediation.seats if mediation else ()
    return frozenset(seat.staff_id for seat in seats if seat.staff_id is not None)
