"""Mediations for the tests, made by their events."""

from datetime import UTC, datetime, timedelta

from center.domain import mediation_events as ev
from center.domain.mediation import Mediation
from center.domain.mediation_transitions import advance
from center.protocol.words import Language, Matter, Protection, SeatRole

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
CONVENED = ev.Convened("m1", "TJ-20261122-0001", "piao", Matter.DEBT, Language.ZH, Language.KO, NOW)


def invited(
    seat_id: str,
    role: SeatRole = SeatRole.PARTY,
    *,
    staff_id: str | None = None,
    language: Language = Language.ZH,
    protection: Protection = Protection.NONE,
) -> ev.Invited:
    return ev.Invited(seat_id, role, language, staff_id, "123456", protection)


def after(*events: ev.Event, start: Mediation | None = None) -> Mediation:
    """What these events make, one second apart."""
    mediation = start
    for count, event in enumerate(events):
        mediation = advance(mediation, event, NOW + timedelta(seconds=count))
    assert mediation is not None
    return mediation


def come(seat_id: str, kiosk_id: str | None) -> tuple[ev.Event, ...]:
    """From outside into the room."""
    return (ev.Arrived(seat_id, kiosk_id), ev.Admitted(seat_id))


FOUR = after(
    CONVENED,
    invited("a"),
    invited("b", language=Language.KO),
    invited("i", SeatRole.INTERPRETER, staff_id="jin", language=Language.KO),
    ev.Opened(),
    *come("a", "K01"),
    *come("b", "K02"),
    *come("i", None),
)
"""A mediator, two parties at kiosks, an interpreter: all in the room."""


def agreed(start: Mediation = FOUR, *, clauses: int = 2) -> Mediation:
    """An agreement that both parties confirmed clause by clause."""
    edition = start.agreement.edition + 1
    marks = (
        ev.Confirmed(seat, edition, clause) for seat in "ab" for clause in range(1, clauses + 1)
    )
    return after(ev.Proposed(edition, clauses, "d"), *marks, start=start)
