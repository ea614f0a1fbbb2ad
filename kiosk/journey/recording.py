"""The resident and the recording of the talk: asked on the screen, answered and ended by touch."""

from center.protocol.mediation_acts import AnswerRecording, StopRecording
from kiosk.journey import effects as do
from kiosk.journey.endings import Scene
from kiosk.journey.errors import NotNowError


def answered(scene: Scene, what: AnswerRecording) -> do.Step:
    """Yes or no, to the question that is on the screen."""
    ref = _talk(scene, what)
    return scene.stay(do.AnswerRecording(ref, what.recording_id, what.agreed))


def stopped(scene: Scene, what: StopRecording) -> do.Step:
    """Enough of it."""
    return scene.stay(do.StopRecording(_talk(scene, what), what.recording_id))


def _talk(scene: Scene, what: AnswerRecording | StopRecording) -> str:
    """The consultation. Raises NotNowError when it has no such recording."""
    view = scene.visit.consultation
    if view is None or view.recording.recording_id != what.recording_id:
        raise NotNowError(scene.journey.screen, what.do)
    return view.consultation_id
