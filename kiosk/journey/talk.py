"""How the journey follows the consultation that the center shows.

    waiting, offered       wait (or where the resident went meanwhile: scan, message);
                           once it waits after hours, message
    connecting, active     call (or scanning in the call)
    interrupted            interrupted
    wrap_up, closed        rate after a talk, else the slip
    message                slip, with the promised answer
    left                   home

A consultation that belongs to nobody here is released; see `Journey.abandoned`.
"""

from collections.abc import Mapping
from dataclasses import replace

from center.protocol.views import ConsultationView
from center.protocol.words import ConsultationState
from kiosk.journey import events
from kiosk.journey.effects import Step
from kiosk.journey.endings import Scene, go_home, released, show_slip, talk_over
from kiosk.journey.state import IN_QUEUE, OPEN, TALKING, Journey, Visit
from kiosk.words import Screen

_KEPT = {
    ConsultationState.WAITING: frozenset({Screen.WAIT, Screen.SCAN, Screen.MESSAGE}),
    ConsultationState.OFFERED: frozenset({Screen.WAIT, Screen.SCAN, Screen.MESSAGE}),
    ConsultationState.CONNECTING: frozenset({Screen.CALL, Screen.CALL_SCAN}),
    ConsultationState.ACTIVE: frozenset({Screen.CALL, Screen.CALL_SCAN}),
    ConsultationState.INTERRUPTED: frozenset({Screen.INTERRUPTED}),
}
_WANTED: Mapping[ConsultationState, Screen] = {
    **dict.fromkeys(IN_QUEUE, Screen.WAIT),
    **dict.fromkeys(TALKING, Screen.CALL),
    ConsultationState.INTERRUPTED: Screen.INTERRUPTED,
}


def consultation(scene: Scene, event: events.ConsultationChanged) -> Step:
    """The journey after the center showed a consultation of this kiosk."""
    view, visit = event.view, scene.journey.visit
    if visit is None or not _mine(scene.journey, visit, view):
        return _disown(scene, view)
    closed = view.after_hours and not (visit.consultation and visit.consultation.after_hours)
    step = scene.stay(consultation=view)
    scene = replace(scene, journey=step.journey)
    if closed and scene.journey.screen is Screen.WAIT and not visit.hung_up:
        return Step(replace(_woken(scene).journey, screen=Screen.MESSAGE))
    return _follow(scene, view)


def _mine(journey: Journey, visit: Visit, view: ConsultationView) -> bool:
    if visit.consultation is not None:
        return visit.consultation.consultation_id == view.consultation_id
    fresh = journey.abandoned == 0 and view.consultation_id not in journey.disowned
    return visit.requested and view.state in OPEN and fresh


def _disown(scene: Scene, view: ConsultationView) -> Step:
    journey, ref = scene.journey, view.consultation_id
    if view.state not in OPEN:
        return Step(replace(journey, disowned=journey.disowned - {ref}))
    if ref not in journey.disowned:
        owed = max(0, journey.abandoned - 1)
        journey = replace(journey, disowned=journey.disowned | {ref}, abandoned=owed)
    return Step(journey, released(view))


def _follow(scene: Scene, view: ConsultationView) -> Step:
    if view.state in OPEN:
        return _keep_up(scene, view)
    if view.state is ConsultationState.MESSAGE:
        return show_slip(scene)
    if view.state is ConsultationState.LEFT:
        return go_home(scene)
    if scene.journey.screen is Screen.RATE:
        return Step(scene.journey)
    return talk_over(_woken(scene))


def _keep_up(scene: Scene, view: ConsultationView) -> Step:
    if scene.visit.hung_up:
        return Step(scene.journey, released(view))
    if scene.journey.screen in _KEPT[view.state]:
        return Step(scene.journey)
    return Step(replace(_woken(scene).journey, screen=_WANTED[view.state]))


def _woken(scene: Scene) -> Scene:
    """A new screen that the resident did not ask for starts the idle clock anew."""
    journey = replace(scene.journey, touched_at=scene.now, idle_warning_until=None)
    return replace(scene, journey=journey)
