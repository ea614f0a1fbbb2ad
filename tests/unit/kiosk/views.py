"""Views, rules and moments for the journey's tests."""

from datetime import UTC, datetime, timedelta

from center.protocol.views import ConsultationView
from center.protocol.words import ConsultationState, Language, Matter
from config.settings import JourneySettings
from kiosk import touch_messages as touch
from kiosk.journey import Journey, Rules, Step, advance
from kiosk.journey.events import ConsultationChanged, Touched

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
RULES = Rules(
    (Language.ZH, Language.KO, Language.EN),
    JourneySettings(max_pages=3),
    technician_code="482913",
)


def after(seconds: float) -> datetime:
    """So many seconds past noon."""
    return NOON + timedelta(seconds=seconds)


def view(state: ConsultationState, ref: str = "c1", talked: bool | None = None) -> ConsultationView:
    """A consultation of this kiosk; it has talked when its state says so."""
    spoken = {ConsultationState.ACTIVE, ConsultationState.INTERRUPTED, ConsultationState.WRAP_UP}
    had_talk = state in spoken if talked is None else talked
    return ConsultationView(
        consultation_id=ref,
        number="YJ-20261121-0007",
        state=state,
        language=Language.ZH,
        matter=Matter.OTHER,
        requested_at=NOON,
        place=None,
        lawyer=None,
        deadline=None,
        talk_started_at=NOON if had_talk else None,
        pages=(),
        cause=None,
        rating=None,
        slip_code="123456",
        answer_promised_at=after(86_400) if state is ConsultationState.MESSAGE else None,
    )


def touched(journey: Journey, *touches: touch.Touch, seconds: float = 0) -> Step:
    """The last step of these touches in a row."""
    step = Step(journey)
    for what in touches:
        step = advance(step.journey, Touched(what, "v1"), after(seconds), RULES)
    return step


def shown(journey: Journey, *states: ConsultationState) -> Step:
    """The last step after the consultation went through these states."""
    step = Step(journey)
    for state in states:
        step = advance(step.journey, ConsultationChanged(view(state)), NOON, RULES)
    return step
