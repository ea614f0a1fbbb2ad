"""The resident and the recording of the talk: asked on the screen, answered and ended by touch."""

from kiosk import touch_messages as touch
from kiosk.journey.effects import AnswerRecording, Step, StopRecording
from kiosk.journey.endings import Scene
from kiosk.journey.errors import NotNowError


def answered(scene: Scene, what: touch.AnswerRecording) -> Step:
    """Yes or no, to the question that is on the screen."""
    ref = _talk(scene, what)
    return scene.stay(AnswerRecording(ref, what.recording_id, what.agreed))


def stopped(scene: Scene, what: touch.StopRecording) -> Step:
    """Enough of it."""
    return scene.stay(StopRecording(_talk(scene, what), what.recording_id))


def _talk(scene: Scene, what: touch.AnswerRecording | touch.StopRecording) -> str:
    """The consultation. Raises NotNowError when it has no such recording."""
    view = scene.visit.consultation
    if view is None or view.recording.recording_id != what.recording_id:
        raise NotNowError(scene.journey.screen, what.do)
    return view.consultation_id
