"""Mediations as the center shows them to a kiosk."""

from datetime import UTC, datetime

from center.protocol.mediation import AgreementView, MediationView, SeatView
from center.protocol.words import (
    Language,
    Matter,
    MediationState,
    Protection,
    SeatRole,
    SeatState,
)

AT = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)


def seat(state: SeatState) -> SeatView:
    """The resident's own."""
    return SeatView(
        seat_id="me",
        role=SeatRole.PARTY,
        name="张三",
        place="",
        language=Language.ZH,
        state=state,
        peer_id=None,
        staff_id=None,
        protection=Protection.NONE,
        muted=False,
        speech_asked=False,
        hand=None,
        has_floor=False,
        apart=False,
        listens=False,
        code="123456",
    )


def mediation(
    state: SeatState = SeatState.WAITING,
    *,
    opened: bool = True,
    sealed: bool = False,
) -> MediationView:
    """With the resident as its only guest."""
    concluded = AgreementView(edition=1, clauses=(), signatures=(), sealed_at=AT, sha256="0" * 64)
    return MediationView(
        mediation_id="m1",
        number="TJ-20261121-0001",
        title="",
        matter=Matter.DEBT,
        language=Language.ZH,
        second_language=None,
        state=MediationState.OPEN if opened else MediationState.SCHEDULED,
        scheduled_at=AT,
        opened_at=None,
        ended_at=None,
        locked=False,
        you="me",
        side=None,
        seats=(seat(state),),
        agreement=concluded if sealed else None,
        draft=(),
    )
