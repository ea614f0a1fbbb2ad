"""A resident is asked whether the talk is recorded, and can end it at any time."""

import pytest

from center.protocol.mediation_acts import AnswerRecording, StopRecording
from center.protocol.recording_view import RecordingView
from center.protocol.words import ConsultationState, RecordingState
from kiosk import touch_messages as touch
from kiosk.journey import Journey, NotNowError, advance
from kiosk.journey import effects as do
from kiosk.journey.events import ConsultationChanged
from kiosk.words import Screen
from tests.unit.kiosk.views import NOON, RULES, touched, view
from tests.unit.kiosk.ways import on_screen

ASKED = RecordingView(state=RecordingState.ASKED, recording_id="r1")
YES = AnswerRecording(recording_id="r1", agreed=True)
NO = AnswerRecording(recording_id="r1", agreed=False)
STOP = StopRecording(recording_id="r1")
STATES = {
    Screen.CALL: ConsultationState.ACTIVE,
    Screen.CALL_SCAN: ConsultationState.ACTIVE,
    Screen.INTERRUPTED: ConsultationState.INTERRUPTED,
}


def asked(screen: Screen) -> Journey:
    """The resident is asked while this screen is shown."""
    shown = view(STATES[screen]).model_copy(update={"recording": ASKED})
    return advance(on_screen(screen), ConsultationChanged(shown), NOON, RULES).journey


@pytest.mark.parametrize("screen", STATES)
@pytest.mark.parametrize(
    ("what", "effect"),
    [
        (YES, do.AnswerRecording("c1", "r1", True)),
        (NO, do.AnswerRecording("c1", "r1", False)),
        (STOP, do.StopRecording("c1", "r1")),
    ],
)
def test_answer_and_stop_reach_the_center_and_the_screen_stays(
    screen: Screen, what: touch.Touch, effect: do.Effect
) -> None:
    step = touched(asked(screen), what)
    assert (step.journey.screen, step.effects) == (screen, (effect,))


@pytest.mark.parametrize("what", [YES, STOP])
def test_a_tap_that_comes_after_its_question_is_refused(what: touch.Touch) -> None:
    with pytest.raises(NotNowError):
        touched(on_screen(Screen.CALL), what)
    with pytest.raises(NotNowError):
        touched(asked(Screen.CALL), what.model_copy(update={"recording_id": "r0"}))
    with pytest.raises(NotNowError):
        touched(on_screen(Screen.WAIT), what)
