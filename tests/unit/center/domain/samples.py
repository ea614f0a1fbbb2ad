"""Consultations and duties in every state, made by the machines themselves."""

from datetime import UTC, datetime, timedelta

from center.domain import duty
from center.domain import events as ev
from center.domain.consultation import BOTH, Consultation
from center.domain.duty import Duty
from center.domain.recording import (
    RecorderReported,
    RecordingAnswered,
    RecordingAsked,
    RecordingRetried,
    RecordingStopped,
)
from center.domain.rules import Rules
from center.domain.transitions import advance
from center.protocol.words import ConsultationState as State
from center.protocol.words import (
    DutyState,
    Language,
    Matter,
    MediaState,
    Outcome,
    PageStage,
    PeerRole,
    RecorderFault,
    Urgency,
)

RULES = Rules()
START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
PROMISED = START + timedelta(days=3)
KIOSK_UP = ev.MediaReported(PeerRole.KIOSK, MediaState.UP)
STAFF_UP = ev.MediaReported(PeerRole.STAFF, MediaState.UP)
KIOSK_LOST = ev.MediaReported(PeerRole.KIOSK, MediaState.LOST)


def requested(
    consultation_id: str = "c1",
    *,
    language: Language = Language.ZH,
    matter: Matter = Matter.OTHER,
    township: str = "公园街道",
    urgency: Urgency = Urgency.NORMAL,
    place: int = 1,
) -> ev.Requested:
    return ev.Requested(
        consultation_id=consultation_id,
        number="YJ-20261120-0001",
        slip_code="123456",
        kiosk_id="K01",
        township=township,
        client_ref=consultation_id,
        consent_version="1",
        language=language,
        matter=matter,
        place=place,
        urgency=urgency,
    )


def after(*events: ev.Event, start: datetime = START) -> Consultation:
    """The consultation after these events, one second apart."""
    consultation: Consultation | None = None
    for second, event in enumerate(events):
        now = start + timedelta(seconds=second)
        consultation = advance(consultation, event, now, RULES).consultation
    assert consultation is not None
    return consultation


WAY: dict[State, tuple[ev.Event, ...]] = {
    State.WAITING: (requested(),),
    State.OFFERED: (requested(), ev.Offered("jin")),
    State.CONNECTING: (requested(), ev.Taken("jin")),
    State.ACTIVE: (requested(), ev.Taken("jin"), KIOSK_UP, STAFF_UP),
    State.INTERRUPTED: (requested(), ev.Taken("jin"), KIOSK_UP, STAFF_UP, KIOSK_LOST),
    State.WRAP_UP: (requested(), ev.Taken("jin"), ev.HungUp(PeerRole.KIOSK)),
    State.CLOSED: (
        requested(),
        ev.Taken("jin"),
        ev.HungUp(PeerRole.KIOSK),
        ev.Filed(Outcome.ADVICE),
    ),
    State.LEFT: (requested(), ev.Left()),
    State.MESSAGE: (requested(), ev.MessageLeft(PROMISED)),
}
"""The shortest way into each state."""

EVERY_EVENT: tuple[ev.Event, ...] = (
    requested(),
    ev.Offered("jin"),
    ev.Accepted(),
    ev.Taken("jin"),
    ev.Declined(),
    ev.OfferExpired(),
    ev.Reconsidered("jin"),
    ev.Relaxed(),
    ev.Escalated(),
    *(ev.MediaReported(side, state) for side in sorted(BOTH) for state in MediaState),
    ev.ConnectExpired(),
    ev.GraceExpired(),
    ev.HungUp(PeerRole.KIOSK),
    ev.HungUp(PeerRole.STAFF),
    ev.Filed(Outcome.COURT),
    ev.WrapUpExpired(),
    ev.Left(),
    ev.MessageLeft(PROMISED),
    ev.Answered("li"),
    ev.Transferred(None),
    ev.Transferred("li"),
    ev.Transferred(None, Matter.LABOUR),
    ev.Rated(4),
    ev.PageAdded(1, "0" * 64),
    ev.PageGrew(1, PageStage.WHOLE),
    ev.SheetShown("s1", 1),
    ev.SheetClosed("s1"),
    ev.KioskRevoked(),
    RecordingAsked("r1", "staff:jin"),
    RecordingAnswered("r1", "kiosk:K01", True),
    RecordingStopped("r1", "kiosk:K01"),
    RecordingRetried("r1", "staff:jin"),
    RecorderReported("r1", None),
    RecorderReported("r1", RecorderFault.DISK_FULL),
)

_AVAILABLE = (duty.Went(DutyState.AVAILABLE),)
DUTY_WAY: dict[DutyState, tuple[duty.DutyEvent, ...]] = {
    DutyState.OFF: (),
    DutyState.AWAY: (duty.Went(DutyState.AWAY),),
    DutyState.AVAILABLE: _AVAILABLE,
    DutyState.OFFERED: (*_AVAILABLE, duty.Rung("c1")),
    DutyState.BUSY: (*_AVAILABLE, duty.Engaged("c1")),
    DutyState.WRAP_UP: (*_AVAILABLE, duty.Engaged("c1"), duty.TalkEnded()),
}
EVERY_DUTY_EVENT: tuple[duty.DutyEvent, ...] = (
    duty.Went(DutyState.AVAILABLE),
    duty.Went(DutyState.AWAY),
    duty.Went(DutyState.OFF),
    duty.Rung("c1"),
    duty.Missed(),
    duty.Engaged("c1"),
    duty.TalkEnded(),
    duty.Released(),
)


def duty_after(*events: duty.DutyEvent, staff_id: str = "jin") -> Duty:
    """The duty after these events, one second apart."""
    present = Duty.off(staff_id, START)
    for second, event in enumerate(events):
        present = duty.advance(present, event, START + timedelta(seconds=second), RULES)
    return present
