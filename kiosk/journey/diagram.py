"""A Mermaid picture of the journey, drawn by walking the machine from the home screen.

Which touch leads where depends on what the visit holds, so the table alone does not say it. Every
journey that is found is given every touch and every state of a consultation; journeys alike in
what decides are walked once.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from center.protocol.mediation import AgreementView, MediationView, SeatView
from center.protocol.views import ConsultationView
from center.protocol.words import (
    ConsultationState,
    Language,
    Matter,
    MediationState,
    Protection,
    SeatRole,
    SeatState,
)
from config.settings import JourneySettings
from kiosk import touch_messages as touch
from kiosk.journey.errors import NotNowError
from kiosk.journey.events import ConsultationChanged, Event, MediationChanged, Touched
from kiosk.journey.machine import advance
from kiosk.journey.state import Journey, Rules, at_home

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CODE = "000000"
RULES = Rules((Language.ZH, Language.KO), JourneySettings(), technician_code=CODE)
TOUCHES: tuple[touch.Touch, ...] = (
    touch.Start(intent="lawyer"),
    touch.Start(intent="scan"),
    touch.Start(intent="lookup"),
    touch.Start(intent="mediation"),
    touch.ChooseTalkLanguage(language=Language.KO),
    touch.ChooseMatter(matter=Matter.LABOUR),
    touch.GiveName(called_as=None),
    touch.Consent(agreed=True),
    touch.OpenScan(),
    touch.ScanDone(),
    touch.CallLawyer(),
    touch.LeaveMessage(),
    touch.HangUp(),
    touch.Rate(score=5),
    touch.OpenTechnician(),
    touch.GiveTechnicianCode(code=CODE),
)


_SEAT = SeatView(
    seat_id="s",
    role=SeatRole.PARTY,
    name="",
    place="",
    language=Language.KO,
    state=SeatState.ADMITTED,
    peer_id=None,
    staff_id=None,
    protection=Protection.NONE,
    muted=False,
    speech_asked=False,
    hand=None,
    has_floor=False,
    apart=False,
    listens=False,
    code="000000",
)
_MEDIATION = MediationView(
    mediation_id="m",
    number="TJ-20260101-0001",
    title="",
    matter=Matter.LABOUR,
    language=Language.KO,
    second_language=None,
    state=MediationState.OPEN,
    scheduled_at=NOW,
    opened_at=NOW,
    ended_at=None,
    locked=False,
    you="s",
    side=None,
    seats=(_SEAT,),
    agreement=AgreementView(edition=1, clauses=(), signatures=(), sealed_at=NOW, sha256="0" * 64),
    draft=(),
)


def journey_diagram() -> str:
    """A `stateDiagram-v2`; events on the same arrow share it."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for before, label, after in _moves():
        labels = arrows.setdefault((before, after), [])
        if label not in labels:
            labels.append(label)
    lines = [f"    {a} --> {b}: {', '.join(labels)}" for (a, b), labels in arrows.items()]
    return "\n".join(["stateDiagram-v2", "    [*] --> home", *lines])


def _moves() -> Iterator[tuple[str, str, str]]:
    """Screen, what happened, next screen: wherever the screen changes."""
    found = [at_home(NOW, RULES)]
    seen = {_alike(found[0])}
    for journey in found:
        for label, event in _events():
            try:
                after = advance(journey, event, NOW, RULES).journey
            except NotNowError:
                continue
            if after.screen is not journey.screen:
                yield journey.screen.value, label, after.screen.value
            if _alike(after) not in seen:
                seen.add(_alike(after))
                found.append(after)


def _events() -> Iterator[tuple[str, Event]]:
    for what in TOUCHES:
        yield str(getattr(what, "intent", what.do)), Touched(what, "visit")
    for state in ConsultationState:
        yield f"({state})", ConsultationChanged(_view(state, after_hours=False))
    yield "(seated)", MediationChanged(_MEDIATION)
    yield "(mediation over)", MediationChanged(None)
    closed = _view(ConsultationState.WAITING, after_hours=True)
    yield "(waiting after hours)", ConsultationChanged(closed)


def _alike(journey: Journey) -> tuple[object, ...]:
    visit = journey.visit
    if visit is None:
        return (journey.screen,)
    view = visit.consultation
    shown = (view.state, view.after_hours) if view else None
    went = (visit.requested, visit.message_left, visit.hung_up, visit.mediation is not None)
    return (journey.screen, visit.intent, *went, shown)


def _view(state: ConsultationState, *, after_hours: bool) -> ConsultationView:
    talked = state not in {ConsultationState.WAITING, ConsultationState.OFFERED}
    return ConsultationView(
        consultation_id="c",
        number="YJ-20260101-0001",
        state=state,
        language=Language.KO,
        matter=Matter.LABOUR,
        requested_at=NOW,
        place=None,
        lawyer=None,
        deadline=None,
        talk_started_at=NOW if talked else None,
        pages=(),
        cause=None,
        rating=None,
        slip_code="000000",
        answer_promised_at=None,
        after_hours=after_hours,
    )
